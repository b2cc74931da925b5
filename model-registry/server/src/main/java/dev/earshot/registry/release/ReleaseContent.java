package dev.earshot.registry.release;

import java.util.EnumMap;
import java.util.Map;

/** The bytes of all four files of a release. The arrays are shared, not copied: do not write. */
public final class ReleaseContent {
  private final Map<ReleaseFile, byte[]> files;

  /**
   * @throws IllegalArgumentException when a file is missing
   */
  public ReleaseContent(Map<ReleaseFile, byte[]> files) {
    this.files = new EnumMap<>(files);
    for (ReleaseFile file : ReleaseFile.values()) {
      if (!files.containsKey(file)) {
        throw new IllegalArgumentException(file.fileName() + ": missing");
      }
    }
  }

  /** The bytes of that file. */
  public byte[] of(ReleaseFile file) {
    byte[] content = files.get(file);
    if (content == null) {
      throw new IllegalStateException("the constructor saw all files");
    }
    return content;
  }
}

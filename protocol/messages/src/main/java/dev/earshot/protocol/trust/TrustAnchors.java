package dev.earshot.protocol.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What is pinned in a device at the factory: the two roots that everything else is checked from.
 *
 * @param image where image-side trust begins
 * @param director where director-side trust begins
 */
public record TrustAnchors(TrustedImage image, TrustedDirector director) {
  /** In a folder of anchors. */
  public static final String IMAGE_ROOT = "image-root.json";

  /** In a folder of anchors. */
  public static final String DIRECTOR_ROOT = "director-root.json";

  /** From the bytes of two root.json files, checked. */
  public static TrustAnchors of(byte[] imageRoot, byte[] directorRoot) throws TrustException {
    return new TrustAnchors(TrustedImage.pinned(imageRoot), TrustedDirector.pinned(directorRoot));
  }

  /**
   * From a folder with {@link #IMAGE_ROOT} and {@link #DIRECTOR_ROOT}.
   *
   * @throws IOException when one is missing or not a root; the message names it
   */
  public static TrustAnchors read(Path folder) throws IOException {
    try {
      return of(bytes(folder.resolve(IMAGE_ROOT)), bytes(folder.resolve(DIRECTOR_ROOT)));
    } catch (TrustException e) {
      throw new IOException(folder + ": " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(
          file
              + ": no such file (expected: a folder with "
              + IMAGE_ROOT
              + " and "
              + DIRECTOR_ROOT
              + ")",
          e);
    }
  }

  /** Writes the two files that {@link #read} reads; makes the folder when it is missing. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(IMAGE_ROOT), image.rootBytes());
    Files.write(folder.resolve(DIRECTOR_ROOT), director.root().bytes());
  }
}

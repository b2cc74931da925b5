package dev.earshot.agent.device;

import dev.earshot.agent.port.Flash;
import java.io.IOException;
import java.nio.file.Path;

/** The real flash, for tests of the agent as a whole. */
public final class DiskFlash {
  private DiskFlash() {}

  /** Opens that directory; whoever dies lets it go. */
  public static Flash open(Path directory) throws IOException {
    return new FileFlash(directory, 1 << 20);
  }

  /** Lets another have it. */
  public static void close(Flash flash) throws IOException {
    if (flash instanceof FileFlash file) {
      file.close();
    }
  }
}

package dev.earshot.cli.up;

import dev.earshot.cli.PrivateFile;
import dev.earshot.cli.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Everything that an {@code earshot up} keeps, owned by one process at a time. */
final class DataFolder implements AutoCloseable {
  private static final long LEAST_FREE_BYTES = 512L << 20;

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates the folder when it is missing, and locks it. Every refusal is one line with the fix.
   */
  static DataFolder open(Path path) {
    try {
      Files.createDirectories(path);
      long free = Files.getFileStore(path).getUsableSpace();
      if (free < LEAST_FREE_BYTES) {
        throw new UserError(
            "the disk of "
                + path
                + " is full: "
                + (free >> 20)
                + " MiB free (expected: at least "
                + (LEAST_FREE_BYTES >> 20)
                + " MiB). Fix: free some, or choose another folder with --data.");
      }
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new UserError(
            "another `earshot up` is running on "
                + path
                + ". Fix: stop it with Ctrl-C, or choose another folder with --data.");
      }
      return new DataFolder(path, channel);
    } catch (IOException e) {
      throw new UserError(
          "can't use the data folder "
              + path
              + ": "
              + e
              + ". Fix: make it writable, or choose another with --data.",
          e);
    }
  }

  Path path() {
    return path;
  }

  /** A subfolder. */
  Path folder(String name) {
    return path.resolve(name);
  }

  /** The operator's token of this installation, made at the first use. */
  String adminToken() {
    Path file = path.resolve("admin.token");
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      String token = HexFormat.of().formatHex(random);
      PrivateFile.write(file, token.getBytes(StandardCharsets.UTF_8));
      return token;
    } catch (IOException e) {
      throw new UserError("can't use " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UserError("can't release " + path + ": " + e.getMessage(), e);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}

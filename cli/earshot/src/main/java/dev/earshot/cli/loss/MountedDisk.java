package dev.earshot.cli.loss;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory of its own, in a mount namespace that an ordinary user may make (Linux,
 * {@code unshare} and {@code nsenter} of util-linux). It fills up as disks do: writes fail with
 * ENOSPC. It outlives the broker's process, and ends with this one.
 */
final class MountedDisk implements BrokerDisk {
  /** What a broker takes for itself, and must find free to start. */
  private static final long LEAST_MEBIBYTES = 256;

  private static final int CHUNK = 1 << 20;

  private final long mebibytes;
  private final Path folder;
  private final Process holder;
  private final Path ballast;

  /**
   * Mounts it.
   *
   * @param bytes that it must have room for
   */
  MountedDisk(Path parent, long bytes) throws IOException {
    mebibytes = LEAST_MEBIBYTES + (bytes >> 20);
    folder = Files.createDirectories(parent.resolve("disk"));
    // Whoever holds it needs no more than to be there; it ends with its standard input.
    holder =
        new ProcessBuilder(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size="
                    + mebibytes
                    + "m,mode=700 earshot \"$0\""
                    + " && echo mounted && exec cat",
                folder.toString())
            .redirectError(parent.resolve("disk.log").toFile())
            .start();
    BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
    if (!"mounted".equals(said.readLine())) {
      holder.destroyForcibly();
      throw new IOException("the small disk at " + folder + " could not be mounted");
    }
    ballast = Path.of("/proc/" + holder.pid() + "/root" + folder, "ballast");
  }

  /** Whether this machine lets an ordinary user have such a disk. */
  static boolean canMount() throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "unshare",
                  "--user",
                  "--map-root-user",
                  "--mount",
                  "sh",
                  "-c",
                  "mount -t tmpfs -o size=1m earshot /tmp && nsenter --version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such command
    }
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public List<String> prefix() {
    return List.of(
        "nsenter", "--target=" + holder.pid(), "--user", "--mount", "--preserve-credentials", "--");
  }

  @Override
  public void fill(Child broker) {
    byte[] zeros = new byte[CHUNK];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      for (long i = 0; i < mebibytes; i++) {
        out.write(zeros);
      }
    } catch (IOException e) {
      // No space left on device: as wanted.
    }
  }

  @Override
  public void free(Child broker) throws IOException {
    Files.deleteIfExists(ballast);
  }

  @Override
  public String what() {
    return "a file system of "
        + mebibytes
        + " MiB in a mount namespace; when full, writes fail with ENOSPC";
  }

  @Override
  public void close() {
    holder.destroyForcibly().onExit().join();
  }
}

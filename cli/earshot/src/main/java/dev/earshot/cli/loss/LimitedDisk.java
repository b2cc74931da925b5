package dev.earshot.cli.loss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file system that is there, where a small one can't be mounted. It seems full because the
 * process may not let any file grow (RLIMIT_FSIZE by {@code prlimit}, Linux): writes at the end of
 * the longest log fail with EFBIG.
 */
final class LimitedDisk implements BrokerDisk {
  private final Path folder;

  LimitedDisk(Path parent) throws IOException {
    folder = Files.createDirectories(parent.resolve("disk"));
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public List<String> prefix() {
    return List.of();
  }

  @Override
  public void fill(Child broker) throws IOException, InterruptedException {
    limit(broker, longestLog() + ":");
  }

  @Override
  public void free(Child broker) throws IOException, InterruptedException {
    if (broker.isAlive()) {
      limit(broker, "unlimited:");
    }
  }

  @Override
  public String what() {
    return "a limit on the length of files (prlimit --fsize); when full, writes fail with EFBIG";
  }

  @Override
  public void close() {
    // The folder goes with its parent.
  }

  private long longestLog() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .mapToLong(file -> file.toFile().length())
          .max()
          .orElse(0);
    }
  }

  /** Soft limit only: it can be raised again without privileges. */
  private static void limit(Child broker, String softAndHard)
      throws IOException, InterruptedException {
    ProcessBuilder prlimit =
        new ProcessBuilder("prlimit", "--pid=" + broker.pid(), "--fsize=" + softAndHard);
    int status;
    try {
      status = prlimit.start().waitFor();
    } catch (IOException e) {
      throw new IOException(
          "no disk can be filled on this machine without unshare and nsenter, or prlimit (Linux,"
              + " util-linux); name the other faults with --faults",
          e);
    }
    if (status != 0 && broker.isAlive()) {
      throw new IOException("prlimit --fsize=" + softAndHard + " has failed");
    }
  }
}

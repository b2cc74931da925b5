package dev.earshot.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for data that nobody needs afterwards. */
public record BenchFolder(Path path) implements AutoCloseable {
  /** Makes one in the temporary folder. */
  public static BenchFolder create() throws IOException {
    return new BenchFolder(Files.createTempDirectory("earshot-bench-"));
  }

  /** Bytes of the files below it whose folder's name begins so. */
  static long bytes(Path folder, String prefix) throws IOException {
    long sum = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path parent = file.getParent();
        if (parent != null && parent.getFileName().toString().startsWith(prefix)) {
          sum += size(file);
        }
      }
    }
    return sum;
  }

  /** Kafka's index files are made long and are mostly holes; they are not counted. */
  private static long size(Path file) throws IOException {
    try {
      return file.toString().endsWith("index") ? 0 : Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}

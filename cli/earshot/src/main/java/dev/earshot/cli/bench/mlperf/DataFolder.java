package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a user keeps the benchmark's inputs: a folder with {@code vectors/} and {@code audio/}, or
 * the datasets of the benchmark's runner ({@code kws01/}, {@code ic01/}, ... each with a {@code
 * y_labels.csv}), or both.
 *
 * @param root as the user names it
 */
record DataFolder(Path root) {
  DataFolder {
    if (!Files.isDirectory(root)) {
      throw new UserError("--data: " + root + ": no such folder");
    }
  }

  /** A file of int8 rows; nothing when it is not there. */
  Optional<Path> vectors(String name) {
    return existing(Stream.of(root.resolve("vectors"), root), name + ".csv");
  }

  /** The labels of a task in the layout of the benchmark's runner. */
  Optional<Path> labels(Task task) {
    String folder = task.prefix() + "01";
    Stream<Path> places =
        Stream.of(root.resolve(folder), root.resolve("datasets").resolve(folder), root);
    return existing(
        places.filter(place -> !place.equals(root) || root.endsWith(folder)), "y_labels.csv");
  }

  /** Where recordings may be. */
  List<Path> audio() {
    return Stream.of("audio", "sww01", "datasets/sww01", "sww_data_dir", "sd_card", "")
        .map(root::resolve)
        .map(Path::normalize)
        .distinct()
        .toList();
  }

  private static Optional<Path> existing(Stream<Path> places, String file) {
    return places.map(place -> place.resolve(file)).filter(Files::isRegularFile).findFirst();
  }
}

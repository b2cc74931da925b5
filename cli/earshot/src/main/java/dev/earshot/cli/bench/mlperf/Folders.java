package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks into folders that a user named. */
final class Folders {
  /** Releases are folders in a folder; a benchmark's training folders are no deeper either. */
  private static final int DEPTH = 4;

  private Folders() {}

  /** The files right in a folder whose names end so, by name. */
  static List<Path> files(Path folder, String ending) {
    return search(folder, ending, 1);
  }

  /** The files in a folder and the folders in it whose names end so, by path. */
  static List<Path> filesBelow(Path folder, String ending) {
    return search(folder, ending, DEPTH);
  }

  private static List<Path> search(Path folder, String ending, int depth) {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UserError(folder + ": can't be listed (" + e.getMessage() + ")", e);
    }
  }
}

package dev.earshot.agent.device;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The benchmark's models and audio, which lie beside the repository; tests without them are
 * skipped.
 */
final class SharedData {
  private SharedData() {}

  static Path file(String name) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null
        && !(Files.exists(at.resolve("pom.xml")) && Files.exists(at.resolve("LICENSE")))) {
      at = at.getParent();
    }
    Path file =
        at == null
            ? Path.of(name)
            : at.resolveSibling("shared").resolve("mlperf-tiny").resolve(name);
    Assumptions.assumeTrue(Files.exists(file), file + " is not there");
    return file;
  }
}

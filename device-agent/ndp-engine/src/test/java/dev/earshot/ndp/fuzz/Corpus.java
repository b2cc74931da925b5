package dev.earshot.ndp.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The files that are kept in the test resources: {@code fuzz/seeds} are valid models to start from,
 * {@code fuzz/cases} are hostile ones, {@code fuzz/found} are those that found something once.
 */
final class Corpus {
  private static final List<byte[]> SEEDS = files("seeds").stream().map(Corpus::read).toList();

  private Corpus() {}

  /** One of the seeds; the caller may change it. */
  static byte[] any(SplittableRandom random) {
    return SEEDS.get(random.nextInt(SEEDS.size())).clone();
  }

  static List<Path> files(String folder) {
    URL url = Corpus.class.getResource("/fuzz/" + folder);
    try (Stream<Path> files = Files.list(Path.of(Objects.requireNonNull(url).toURI()))) {
      return files.sorted().toList();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("fuzz/" + folder, e);
    }
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.earshot.rollout.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file that counts as soon as it is written. While it can't be read or is wrong it has no
 * value (nobody in it is let in), which the log says once. May be used from any thread.
 */
final class WatchedFile<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
  private static final long LONGEST = 1 << 20;

  private final Path path;
  private final Function<byte[], T> parser;
  private byte[] content;
  private volatile @Nullable T value;
  private String problem = "";

  private WatchedFile(Path path, Function<byte[], T> parser) throws IOException {
    this.path = path;
    this.parser = parser;
    this.content = read();
    this.value = parser.apply(content);
  }

  /**
   * Reads it for the first time.
   *
   * @throws IllegalStateException naming the file and what is wrong with it
   */
  static <T> WatchedFile<T> open(Path path, Function<byte[], T> parser) {
    try {
      return new WatchedFile<>(path, parser);
    } catch (IOException e) {
      throw new IllegalStateException(path + " can't be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(path + ": " + e.getMessage(), e);
    }
  }

  /** What it says; empty while it is wrong. */
  Optional<T> value() {
    return Optional.ofNullable(value);
  }

  /** Looks whether it has changed. */
  synchronized void refresh() {
    try {
      byte[] now = read();
      if (value != null && Arrays.equals(now, content)) {
        return;
      }
      content = now;
      value = parser.apply(now);
      problem = "";
      LOG.info("{} was read again", path);
    } catch (IOException e) {
      fail(path + " can't be read: " + e);
    } catch (IllegalArgumentException e) {
      fail(path + ": " + e.getMessage());
    }
  }

  private void fail(String why) {
    value = null;
    if (!why.equals(problem)) {
      problem = why;
      LOG.error("nobody that it names is let in until this is mended: {}", why);
    }
  }

  private byte[] read() throws IOException {
    if (Files.size(path) > LONGEST) {
      throw new IllegalArgumentException("larger than " + LONGEST + " bytes");
    }
    return Files.readAllBytes(path);
  }
}

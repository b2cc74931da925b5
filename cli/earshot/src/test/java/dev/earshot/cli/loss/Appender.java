package dev.earshot.cli.loss;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A process that writes to a log, as a broker does, until it can't. */
final class Appender {
  private Appender() {}

  /** Arguments: the log. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (OutputStream log =
        Files.newOutputStream(
            Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        log.write(new byte[4096]);
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }
}

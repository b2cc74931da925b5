package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is alive on another JVM's heap, whatever its collector. */
final class Heap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private Heap() {}

  /** Bytes after a full collection. */
  static long liveBytes(long pid) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    return parse(new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  /** The total of a class histogram. */
  static long parse(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new UserError(
          "jcmd says nothing about the heap (it comes with a JDK): " + histogram.strip());
    }
    return Long.parseLong(total.group(1));
  }
}

package dev.earshot.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a command printed and how it ended.
 *
 * @param exitCode 0 done, 1 refused or failed, 2 wrong usage
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int exitCode, String out, String err) {
  private static final Path SHARED = Path.of("../../../shared/mlperf-tiny");

  /** Runs a command as a person types it. */
  public static CommandRun of(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Earshot.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
      return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(before);
    }
  }

  /** The MLPerf Tiny data beside the repository; skips the calling test where it is not. */
  public static Path mlperfTiny() {
    assumeTrue(
        Files.isDirectory(SHARED), "skipped: no ../shared/mlperf-tiny beside the repository");
    return SHARED;
  }
}

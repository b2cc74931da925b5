package dev.earshot.cli.bench;

import dev.earshot.cli.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link BenchService} in a process of its own. */
final class BenchProcess implements AutoCloseable {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(60);
  private static final int SHOWN_LINES = 5;

  private final Process process;
  private final BufferedReader answers;
  private final PrintStream questions;
  private final Path log;

  /**
   * What a process may use.
   *
   * @param heap the highest heap, in Java's words: {@code 1g}
   */
  record Resources(int partitions, int threads, String heap) {}

  private BenchProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts it and returns when it says that it runs. */
  static BenchProcess start(BenchMode mode, String bootstrap, Path folder, Resources resources)
      throws IOException {
    Path log = folder.resolve(mode + ".log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + resources.heap(),
            "-XX:+UseParallelGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            BenchService.class.getName(),
            mode.name(),
            bootstrap,
            folder.resolve("state").toString(),
            Integer.toString(resources.partitions()),
            Integer.toString(resources.threads()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    BenchProcess started = new BenchProcess(process, log);
    String first = started.answers.readLine();
    if (!"running".equals(first)) {
      started.kill();
      throw started.failure();
    }
    return started;
  }

  /** Asks; the answer is words. */
  String[] ask(String question) throws IOException {
    questions.println(question);
    String answer = answers.readLine();
    if (answer == null) {
      throw failure();
    }
    return answer.split(" ", -1);
  }

  /** Says why it has ended, when it has. */
  void check() throws IOException {
    if (!process.isAlive()) {
      throw failure();
    }
  }

  /** Ends it at once, as SIGKILL does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends it in order. */
  @Override
  public void close() {
    questions.println("close");
    try {
      if (!process.waitFor(CLOSE_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
    }
  }

  private UserError failure() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    int from = Math.max(0, lines.size() - SHOWN_LINES);
    return new UserError(
        "the measured process has ended:\n  "
            + String.join("\n  ", lines.subList(from, lines.size())));
  }
}

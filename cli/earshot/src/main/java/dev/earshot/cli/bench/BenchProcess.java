package dev.earshot.cli.bench;

import dev.earshot.cli.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A class that answers questions, a {@link BenchService} for one, in a process of its own. */
public final class BenchProcess implements AutoCloseable {
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
    return start(
        mode.name(),
        folder,
        BenchService.class,
        List.of("-Xmx" + resources.heap(), "-XX:+UseParallelGC"),
        List.of(
            mode.name(),
            bootstrap,
            folder.resolve("state").toString(),
            Integer.toString(resources.partitions()),
            Integer.toString(resources.threads())));
  }

  /**
   * Starts a class that says {@code running} and then answers, and returns when it has said so.
   *
   * @param name of its log
   * @param options for its JVM
   */
  public static BenchProcess start(
      String name, Path folder, Class<?> main, List<String> options, List<String> arguments)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    List<String> all = new ArrayList<>(options);
    // Its standard output is for answers only, whatever the logging of this process.
    all.add("-Dlogback.configurationFile=logback.xml");
    Process process =
        new ProcessBuilder(JavaCommand.of(all, main.getName(), arguments))
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
  public String[] ask(String question) throws IOException {
    questions.println(question);
    String answer = answers.readLine();
    if (answer == null) {
      kill(); // its output has ended, so it is about to
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
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Of the process. */
  public long pid() {
    return process.pid();
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
        "the process of %s has ended%s:\n  %s"
            .formatted(
                log.getFileName().toString().replace(".log", ""),
                process.isAlive() ? "" : " with code " + process.exitValue(),
                String.join("\n  ", lines.subList(from, lines.size()))));
  }
}

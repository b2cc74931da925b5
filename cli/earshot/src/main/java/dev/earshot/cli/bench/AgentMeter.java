package dev.earshot.cli.bench;

import dev.earshot.cli.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An {@link AgentUnderTest} in a process of its own, and what it uses. */
final class AgentMeter implements AutoCloseable {
  private static final int SHOWN_LINES = 5;

  private final Process process;
  private final Path log;
  private final BufferedReader answers;
  private final PrintStream questions;

  /**
   * At one moment.
   *
   * @param processorNanos of all its threads since the start
   * @param allocatedBytes since the start
   * @param residentBytes memory, as the kernel sees it
   */
  record Use(long atNanos, long processorNanos, long allocatedBytes, long residentBytes) {}

  private AgentMeter(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /**
   * Starts one.
   *
   * @param heap the highest, in Java's words: {@code 32m}
   */
  static AgentMeter start(
      AgentUnderTest.Load load, String heap, Path folder, List<String> arguments)
      throws IOException {
    Path log = folder.resolve(load + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                // At 31 inferences a second the second compiler takes many minutes to be worth it.
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                AgentUnderTest.class.getName(),
                load.name()));
    command.addAll(arguments);
    return new AgentMeter(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(log.toFile())).start(),
        log);
  }

  Use use() throws IOException {
    long resident = new ProcessMeter(List.of(process.pid())).read().residentBytes();
    long[] told = Arrays.stream(ask("use").split(" ")).mapToLong(Long::parseLong).toArray();
    return new Use(System.nanoTime(), told[0], told[1], resident);
  }

  /** Heap after a collection, bytes. */
  long heapBytes() throws IOException {
    return Long.parseLong(ask("heap"));
  }

  /** Processor time of the engine alone, seconds for a second of audio. */
  double engineSeconds() throws IOException {
    return Double.parseDouble(ask("engine"));
  }

  private String ask(String question) throws IOException {
    questions.println(question);
    String answer = answers.readLine();
    if (answer == null) {
      List<String> lines = Files.readAllLines(log);
      throw new UserError(
          "the measured process has ended:\n  "
              + String.join(
                  "\n  ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
    }
    return answer;
  }

  @Override
  public void close() {
    questions.println("close");
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().onExit().join();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

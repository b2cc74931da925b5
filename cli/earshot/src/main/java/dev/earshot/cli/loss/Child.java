package dev.earshot.cli.loss;

import dev.earshot.cli.bench.JavaCommand;
import dev.earshot.cli.bench.ProcessMeter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java process that can be sent signals. */
final class Child {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int CONNECT_WITHIN_MILLIS = 500;

  private final Process process;

  /**
   * How to start one.
   *
   * @param prefix words before {@code java}; they must become it
   * @param options for the JVM
   * @param environment the process' settings; it sees no others of Earshot's
   * @param log where it says what it has to say; continued
   */
  record Recipe(
      List<String> prefix,
      List<String> options,
      String mainClass,
      List<String> arguments,
      Map<String, String> environment,
      Path log) {
    Recipe {
      prefix = List.copyOf(prefix);
      options = List.copyOf(options);
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  private Child(Process process) {
    this.process = process;
  }

  static Child start(Recipe recipe) throws IOException {
    List<String> options = new ArrayList<>();
    options.add("-XX:+UseSerialGC");
    options.add("-XX:ErrorFile=" + recipe.log() + ".crash");
    options.addAll(recipe.options());
    List<String> command = new ArrayList<>(recipe.prefix());
    command.addAll(JavaCommand.of(options, recipe.mainClass(), recipe.arguments()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("EARSHOT_"));
    builder.environment().putAll(recipe.environment());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(recipe.log().toFile()));
    return new Child(builder.start());
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGSTOP: it keeps its memory and sockets and does nothing. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** SIGKILL; returns when it has ended. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM; SIGKILL when it takes longer. Tells whether it ended in order. */
  boolean terminate(Duration within) throws InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      kill();
    }
    return ended;
  }

  /** Waits until somebody listens on that port; false when it has ended, or takes longer. */
  boolean awaitPort(int port, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (isAlive() && System.nanoTime() < deadline) {
      try (Socket probe = new Socket()) {
        probe.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_WITHIN_MILLIS);
        return true;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      }
    }
    return false;
  }

  /** The most memory that it ever held, bytes, from Linux; 0 elsewhere, and when it has ended. */
  long peakResidentBytes() {
    return ProcessMeter.peakResidentBytes(pid());
  }

  private void signal(String name) throws IOException, InterruptedException {
    int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    if (status != 0 && isAlive()) {
      throw new IOException("kill -" + name + " " + pid() + " has failed");
    }
  }
}

package dev.earshot.simulator.process;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.Shard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The parent's side of one worker. Safe for use by many threads. */
final class WorkerProcess implements AutoCloseable {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);
  private static final int SHOWN_LINES = 5;

  private final Shard shard;
  private final Process process;
  private final Path log;
  private final PrintStream orders;
  private final CompletableFuture<FleetReport> first = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable FleetReport latest;
  private volatile CompletableFuture<String> quiesced = new CompletableFuture<>();
  private volatile boolean closing;

  private WorkerProcess(Shard shard, Process process, Path log) {
    this.shard = shard;
    this.process = process;
    this.log = log;
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts it. Its standard error goes to a file, so that it does not disturb what is shown. */
  static WorkerProcess start(Shard shard, List<String> command, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(log.toFile())).start();
    WorkerProcess worker = new WorkerProcess(shard, process, log);
    Thread.ofPlatform().daemon().name("worker-" + shard.number()).start(worker::listen);
    return worker;
  }

  /** Waits for its first report. */
  FleetReport awaitStart(Duration patience) throws IOException {
    try {
      return first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(problem().orElse("worker " + shard + ": " + e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException(
          "worker " + shard + " did not start within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while workers start", e);
    }
  }

  /** Its last report. */
  Optional<FleetReport> report() {
    return Optional.ofNullable(latest);
  }

  /** The process' id. */
  long pid() {
    return process.pid();
  }

  /** Why it has ended without being told to; empty while it runs. */
  Optional<String> problem() {
    if (closing || !ended.isDone()) {
      return Optional.empty();
    }
    String code;
    try {
      code = "ended with code " + process.onExit().get(5, TimeUnit.SECONDS).exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      code = "ended";
    } catch (ExecutionException | TimeoutException e) {
      code = "closed its output";
    }
    return Optional.of(
        "worker " + shard + " (process " + process.pid() + ") " + code + lastWords());
  }

  /** Begins to come to rest; {@link #awaitQuiesced} waits for it. */
  void quiesce(Duration patience) {
    quiesced = new CompletableFuture<>();
    orders.println(Worker.QUIESCE + patience.toMillis());
    var _ = ended.thenRun(() -> quiesced.complete(Worker.LATE + "it has ended"));
  }

  /** Empty when it came to rest, else why not. */
  Optional<String> awaitQuiesced(Duration patience) {
    try {
      String answer = quiesced.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return answer.equals(Worker.QUIESCED)
          ? Optional.empty()
          : Optional.of(problem().orElse(answer.substring(Worker.LATE.length())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of("worker " + shard + " does not answer");
    }
  }

  /** Tells it to stop and waits; kills it when it does not. */
  @Override
  public void close() {
    tellToStop();
    try {
      if (!process.waitFor(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().onExit().join();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Tells it to stop, and does not wait. */
  void tellToStop() {
    closing = true;
    orders.println(Worker.STOP);
    orders.close();
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null) {
        hear(line);
        line = lines.readLine();
      }
    } catch (IOException | IllegalArgumentException e) {
      first.completeExceptionally(e);
    } finally {
      ended.complete(null);
      first.completeExceptionally(new IOException("it has ended"));
    }
  }

  private void hear(String line) {
    if (line.startsWith(Worker.REPORT)) {
      FleetReport report = ReportCodec.read(line.substring(Worker.REPORT.length()));
      latest = report;
      first.complete(report);
    } else if (line.equals(Worker.QUIESCED) || line.startsWith(Worker.LATE)) {
      quiesced.complete(line);
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      String words =
          String.join("; ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
      return words.isBlank() ? "" : ": " + words;
    } catch (IOException e) {
      return "";
    }
  }
}

package dev.earshot.simulator.process;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.ProcessUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fleet in several processes. A worker that dies is a problem of the whole fleet: what its
 * devices did last is lost, so that a run can't be exact any more.
 */
public final class WorkerFleet implements Fleet {
  private static final Logger log = LoggerFactory.getLogger(WorkerFleet.class);
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);

  /** A worker's own answer comes before this much more. */
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);

  private final List<WorkerProcess> workers;
  private final Path logs;
  private volatile boolean failed;

  private WorkerFleet(List<WorkerProcess> workers, Path logs) {
    this.workers = List.copyOf(workers);
    this.logs = logs;
  }

  /**
   * Starts all workers; returns when each has switched its first device on.
   *
   * @param command what to run for each worker: a program that ends up in {@link Worker#serve}
   * @throws IOException when one does not start, with its last words
   */
  public static WorkerFleet start(
      List<Spread.Share> shares, Function<Spread.Share, List<String>> command) throws IOException {
    Path logs = Files.createTempDirectory("earshot-simulate-");
    List<WorkerProcess> started = new ArrayList<>();
    WorkerFleet fleet = null;
    try {
      for (Spread.Share share : shares) {
        Path errors = logs.resolve("worker-" + share.shard().number() + ".log");
        started.add(WorkerProcess.start(share.shard(), command.apply(share), errors));
      }
      fleet = new WorkerFleet(started, logs);
      for (WorkerProcess worker : started) {
        var _ = worker.awaitStart(START_PATIENCE);
      }
      return fleet;
    } catch (IOException e) {
      started.forEach(WorkerProcess::tellToStop);
      started.forEach(WorkerProcess::close);
      delete(logs);
      throw e;
    }
  }

  @Override
  public FleetReport report() {
    FleetReport sum =
        workers.stream()
            .map(WorkerProcess::report)
            .flatMap(Optional::stream)
            .reduce(FleetReport::plus)
            .orElseThrow(() -> new IllegalStateException("every worker has reported at its start"));
    return new FleetReport(
        sum.stats(),
        sum.truth(),
        sum.fates(),
        sum.heartbeats(),
        sum.measurements(),
        sum.use().plus(ProcessUse.ofThisProcess()));
  }

  @Override
  public Optional<String> problem() {
    Optional<String> problem =
        workers.stream().map(WorkerProcess::problem).flatMap(Optional::stream).findFirst();
    failed |= problem.isPresent();
    return problem;
  }

  /** The workers' process ids, in the order of their shards. */
  public List<Long> processIds() {
    return workers.stream().map(WorkerProcess::pid).toList();
  }

  @Override
  public void quiesce(Duration patience) throws TimeoutException {
    workers.forEach(worker -> worker.quiesce(patience));
    List<String> late = new ArrayList<>();
    long deadline = System.nanoTime() + patience.plus(ANSWER_PATIENCE).toNanos();
    for (WorkerProcess worker : workers) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      worker.awaitQuiesced(left).ifPresent(late::add);
    }
    if (!late.isEmpty()) {
      failed = true;
      throw new TimeoutException(String.join("; ", late));
    }
  }

  @Override
  public void close() {
    var _ = problem();
    workers.forEach(WorkerProcess::tellToStop);
    workers.forEach(WorkerProcess::close);
    if (failed) {
      log.warn("what the workers said is in {}", logs);
    } else {
      delete(logs);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(Objects.requireNonNull(each));
      }
    } catch (IOException e) {
      log.warn("{} could not be deleted: {}", folder, e.getMessage());
    }
  }
}

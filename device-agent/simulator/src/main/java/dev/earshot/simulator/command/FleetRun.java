package dev.earshot.simulator.command;

import dev.earshot.simulator.process.Fleet;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a fleet until its time is over, Ctrl-C, or a process of it dies; then says what was. */
final class FleetRun {
  private static final long SHOW_MILLIS = 1000;
  private static final Duration QUIESCE_PATIENCE = Duration.ofSeconds(30);

  /** At its end a fleet sends a heartbeat of every device at once. */
  private static final Duration QUIESCE_PATIENCE_PER_DEVICE = Duration.ofMillis(1);

  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final Fleet fleet;
  private final Optional<Duration> end;
  private final Display display;
  private final Summary summary;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  FleetRun(Fleet fleet, Optional<Duration> end, PrintWriter out) {
    this.fleet = fleet;
    this.end = end;
    this.display = Display.standard(out);
    this.summary = new Summary(out);
  }

  /** The command's exit code: 1 when the result is not exact. */
  int run() {
    Thread hook = new Thread(this::stopAndWait, "simulate-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Optional<String> problem = watch();
      if (problem.isEmpty()) {
        problem = quiesce();
      }
      summary.print(fleet.report());
      problem.ifPresent(summary::warning);
      return problem.isPresent() ? 1 : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      stopped.countDown();
      removeHook(hook);
    }
  }

  private Optional<String> watch() throws InterruptedException {
    long deadline = System.nanoTime() + end.orElse(FOREVER).toNanos();
    while (!stop.await(SHOW_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
      display.show(fleet.report(), System.nanoTime());
      Optional<String> problem = fleet.problem();
      if (problem.isPresent()) {
        return problem;
      }
    }
    return fleet.problem();
  }

  private Optional<String> quiesce() {
    try {
      fleet.quiesce(patience());
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Duration patience() {
    int devices = fleet.report().stats().devices();
    return QUIESCE_PATIENCE.plus(QUIESCE_PATIENCE_PER_DEVICE.multipliedBy(devices));
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      var _ = stopped.await(patience().toSeconds() + 15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the machine is going down already: the hook itself led here
    }
  }
}

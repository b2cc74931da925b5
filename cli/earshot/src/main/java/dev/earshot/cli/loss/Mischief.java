package dev.earshot.cli.loss;

import dev.earshot.cli.loss.FaultSchedule.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Does the faults of a schedule, each place's on a thread of its own, until the time is over. The
 * rest between two of them begins when messages are acknowledged again, or that takes too long:
 * where processes start slowly a run would otherwise be one long outage, and show little.
 */
final class Mischief {
  private static final Duration FLOWS_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 50;

  private final Site site;
  private final FaultSchedule schedule;
  private final LongSupplier acknowledged;
  private final Consumer<String> log;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<FaultKind, Integer> applied = new EnumMap<>(FaultKind.class);
  private final List<Exception> failures = new ArrayList<>();

  /**
   * @param acknowledged messages so far
   * @param log is told of each fault when it begins; on several threads
   */
  Mischief(Site site, FaultSchedule schedule, LongSupplier acknowledged, Consumer<String> log) {
    this.site = site;
    this.schedule = schedule;
    this.acknowledged = acknowledged;
    this.log = log;
  }

  /**
   * Returns when the time is over and every fault has been taken back.
   *
   * @throws IOException when a fault could not be done: the run proves nothing then
   */
  void run(Duration length) throws IOException, InterruptedException {
    List<Thread> threads =
        schedule.faults().values().stream()
            .map(faults -> Thread.ofVirtual().start(() -> one(faults)))
            .toList();
    try {
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
    } finally {
      over.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    synchronized (failures) {
      if (!failures.isEmpty()) {
        throw new IOException("a fault could not be done: " + failures, failures.getFirst());
      }
    }
  }

  /** How often each kind was done. */
  Map<FaultKind, Integer> applied() {
    synchronized (applied) {
      return new EnumMap<>(applied);
    }
  }

  /** Waits until something new is acknowledged. */
  private void awaitFlow() throws InterruptedException {
    long before = acknowledged.getAsLong();
    long deadline = System.nanoTime() + FLOWS_WITHIN.toNanos();
    boolean ended = false;
    while (!ended && acknowledged.getAsLong() == before && System.nanoTime() < deadline) {
      ended = over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void one(List<Fault> faults) {
    try {
      for (Fault fault : faults) {
        if (over.await(fault.restMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        synchronized (applied) {
          applied.merge(fault.kind(), 1, Integer::sum);
        }
        log.accept(fault.toString());
        site.apply(
            fault,
            millis -> {
              boolean _ = over.await(millis, TimeUnit.MILLISECONDS);
            });
        awaitFlow();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      synchronized (failures) {
        failures.add(e);
      }
    }
  }
}

package dev.earshot.registry.gc;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects again and again, on a thread of its own. A collection that fails is tried next time. */
public final class GcSchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GcSchedule.class);

  /** Of the interval, until the first: a registry that is restarted daily still collects. */
  private static final int FIRST = 10;

  private static final long STOP_SECONDS = 10;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("registry-gc").daemon(true).factory());

  private GcSchedule() {}

  /**
   * Starts.
   *
   * @param interval from the end of one collection to the beginning of the next; zero means never
   */
  public static GcSchedule start(GarbageCollector collector, Duration interval) {
    GcSchedule schedule = new GcSchedule();
    if (interval.isPositive()) {
      long millis = interval.toMillis();
      schedule.thread.scheduleWithFixedDelay(
          () -> collect(collector), Math.max(1, millis / FIRST), millis, TimeUnit.MILLISECONDS);
    }
    return schedule;
  }

  private static void collect(GarbageCollector collector) {
    try {
      if (collector.collect(false).isEmpty()) {
        LOG.debug("An operator's collection runs already");
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Garbage was not collected: {}", e.getMessage());
    }
  }

  /** Ends what runs; a blob is deleted whole or not at all. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("The garbage collection did not end within {} s", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.earshot.agent.device;

import dev.earshot.agent.port.Timers;
import dev.earshot.protocol.clock.FleetClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's one thread, and its timers. What is handed over after {@link #close} is dropped. */
final class AgentLoop implements Timers, Executor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentLoop.class);

  private final FleetClock clock;
  private final long originNanos = System.nanoTime();
  private final ScheduledThreadPoolExecutor executor;

  AgentLoop(FleetClock clock) {
    this.clock = clock;
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("agent").daemon().unstarted(task));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      log.trace("dropped after the end", e);
    }
  }

  /** Runs it on the loop and waits for it. */
  <T> T call(Callable<T> task) throws Exception {
    try {
      return executor.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public long monotonicMillis() {
    return (long) ((System.nanoTime() - originNanos) / 1e6 * clock.speed());
  }

  @Override
  public Timer afterFleet(Duration delay, Runnable task) {
    return afterMachine(clock.toMachine(delay), task);
  }

  @Override
  public Timer afterMachine(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> future =
          executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      log.trace("dropped after the end", e);
      return () -> {};
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("a fault on the agent's thread", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

package dev.earshot.agent.port;

import java.time.Duration;

/** Time that passes. Callbacks run on the agent's thread. */
public interface Timers {
  /**
   * Milliseconds of fleet time since any fixed moment; never goes back, whatever the wall clock
   * does.
   */
  long monotonicMillis();

  /** Runs the task after that much fleet time (trial periods, heartbeats). */
  Timer afterFleet(Duration delay, Runnable task);

  /** Runs the task after that much machine time (network retries). */
  Timer afterMachine(Duration delay, Runnable task);

  /** A task that waits. */
  @FunctionalInterface
  interface Timer {
    /** It will not run; without effect when it has. */
    void cancel();
  }
}

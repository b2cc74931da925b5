package dev.earshot.agent;

import dev.earshot.agent.port.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * Time that passes when the test says so; fleet and machine run at the same pace. Also the agent's
 * thread.
 */
final class ManualTimers implements Timers, InstantSource {
  static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

  private record Task(long atMillis, long order, Runnable what) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::atMillis).thenComparingLong(Task::order));
  private final Deque<Runnable> soon = new ArrayDeque<>();
  private long nowMillis;

  /** How far the device's wall clock is off. */
  Duration clockError = Duration.ZERO;

  private long order;

  @Override
  public long monotonicMillis() {
    return nowMillis;
  }

  @Override
  public Timer afterFleet(Duration delay, Runnable what) {
    Task task = new Task(nowMillis + delay.toMillis(), order++, what);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  @Override
  public Timer afterMachine(Duration delay, Runnable what) {
    return afterFleet(delay, what);
  }

  @Override
  public Instant instant() {
    return ORIGIN.plusMillis(nowMillis);
  }

  /** The wall clock is wrong by that much more from now on; time itself passes as before. */
  void jump(Duration by) {
    clockError = clockError.plus(by);
  }

  /** The device's, which may be wrong. */
  Instant wallClock() {
    return instant().plus(clockError);
  }

  /** As an event loop would, after what runs now. */
  void soon(Runnable what) {
    soon.add(what);
  }

  /** Runs what is due at this moment. */
  void settle() {
    for (Runnable next = soon.poll(); next != null; next = soon.poll()) {
      next.run();
    }
  }

  void pass(Duration time) {
    long until = nowMillis + time.toMillis();
    settle();
    for (Task task = tasks.peek(); task != null && task.atMillis() <= until; task = tasks.peek()) {
      tasks.remove(task);
      nowMillis = Math.max(nowMillis, task.atMillis());
      task.what().run();
      settle();
    }
    nowMillis = until;
  }

  /** A power cut: nothing that was planned happens. */
  void forget() {
    tasks.clear();
    soon.clear();
  }
}

package dev.earshot.simulator.device;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time passes when it is told to; fleet and machine time are one. */
final class VirtualLoop implements DeviceLoop, InstantSource {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long nowMillis;
  private long numbers;

  private record Task(long at, long number, Runnable action) {}

  @Override
  public Instant instant() {
    return START.plusMillis(nowMillis);
  }

  @Override
  public long monotonicMillis() {
    return nowMillis;
  }

  @Override
  public Timer afterFleet(Duration delay, Runnable action) {
    Task task = new Task(nowMillis + delay.toMillis(), numbers++, action);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  @Override
  public Timer afterMachine(Duration delay, Runnable action) {
    return afterFleet(delay, action);
  }

  @Override
  public void execute(Runnable action) {
    tasks.add(new Task(nowMillis, numbers++, action));
  }

  void run(Duration duration) {
    long end = nowMillis + duration.toMillis();
    for (Task next = tasks.peek(); next != null && next.at() <= end; next = tasks.peek()) {
      tasks.remove(next);
      nowMillis = next.at();
      next.action().run();
    }
    nowMillis = end;
  }
}

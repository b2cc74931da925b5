package dev.earshot.simulator.virtual;

import dev.earshot.simulator.device.DeviceLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A loop whose time passes when it is told to; fleet and machine time are one. Tasks of the same
 * millisecond run in the order in which they were given. A heap: giving a task costs the logarithm
 * of how many wait; cancelling costs nothing, and those that were cancelled are swept out when they
 * are the majority. Used by one thread.
 */
public final class VirtualLoop implements DeviceLoop, InstantSource {
  /** Below this many a sweep is not worth it. */
  private static final int SWEEP_FROM = 1024;

  private final Instant start;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nowMillis;
  private long numbers;
  private long ran;
  private int cancelled;

  /**
   * @param start what its clock shows in the beginning, whole milliseconds
   */
  public VirtualLoop(Instant start) {
    this.start = start;
  }

  private final class Task implements Timer, Comparable<Task> {
    private final long at;
    private final long number;
    private @Nullable Runnable action;

    Task(long at, Runnable action) {
      this.at = at;
      this.number = numbers++;
      this.action = action;
    }

    @Override
    public void cancel() {
      if (action != null) {
        action = null;
        cancelled++;
        sweep();
      }
    }

    /** Runs it, once. */
    void run() {
      Runnable due = action;
      action = null;
      if (due == null) {
        cancelled--;
      } else {
        ran++;
        due.run();
      }
    }

    boolean isCancelled() {
      return action == null;
    }

    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  @Override
  public Instant instant() {
    return start.plusMillis(nowMillis);
  }

  @Override
  public long millis() {
    return start.toEpochMilli() + nowMillis;
  }

  /** Since the start. */
  @Override
  public long monotonicMillis() {
    return nowMillis;
  }

  @Override
  public Timer afterFleet(Duration delay, Runnable action) {
    return after(delay.toMillis(), action);
  }

  @Override
  public Timer afterMachine(Duration delay, Runnable action) {
    return after(delay.toMillis(), action);
  }

  @Override
  public void execute(Runnable action) {
    var _ = after(0, action);
  }

  /** Lets that much time pass. */
  public void run(Duration duration) {
    runUntil(nowMillis + duration.toMillis());
  }

  /** Lets time pass until that many milliseconds after the start; what is due then runs, too. */
  public void runUntil(long millis) {
    for (Task next = tasks.peek(); next != null && next.at <= millis; next = tasks.peek()) {
      tasks.remove();
      nowMillis = next.at;
      next.run();
    }
    nowMillis = Math.max(nowMillis, millis);
  }

  /** How many tasks wait, those that were cancelled but not swept out yet included. */
  int size() {
    return tasks.size();
  }

  /** How many tasks ran so far. */
  public long ran() {
    return ran;
  }

  private Timer after(long millis, Runnable action) {
    Task task = new Task(nowMillis + Math.max(0, millis), action);
    tasks.add(task);
    return task;
  }

  private void sweep() {
    if (cancelled > SWEEP_FROM && cancelled > tasks.size() / 2) {
      tasks.removeIf(Task::isCancelled);
      cancelled = 0;
    }
  }
}

package dev.earshot.gateway.limits;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A clock that goes on only when nothing is left to do at its time. For one thread. */
final class VirtualTime implements LongSupplier {
  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
  private long nowNanos;
  private long order;

  private record Event(long atNanos, long order, Runnable action) {}

  @Override
  public long getAsLong() {
    return nowNanos;
  }

  double seconds() {
    return nowNanos * 1e-9;
  }

  void pass(long time, TimeUnit unit) {
    nowNanos += unit.toNanos(time);
  }

  void after(long nanos, Runnable action) {
    queue.add(new Event(nowNanos + nanos, order++, action));
  }

  /** Does everything that comes due in that time. */
  void run(long time, TimeUnit unit) {
    long until = nowNanos + unit.toNanos(time);
    Event next = queue.peek();
    while (next != null && next.atNanos() <= until) {
      queue.remove();
      nowNanos = next.atNanos();
      next.action().run();
      next = queue.peek();
    }
    nowNanos = until;
  }
}

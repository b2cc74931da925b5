package dev.earshot.gateway.limits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one {@link Rate} limits: 24 bytes, no lock, no allocation. The rate is named at each call
 * and may change between calls: from the change on the new one holds, and time that is owed stays
 * owed. Methods are safe for any thread unless they say otherwise; a contended one tries again
 * until its compare-and-set succeeds.
 */
final class Meter {
  private static final VarHandle TAT;

  static {
    try {
      TAT = MethodHandles.lookup().findVarHandle(Meter.class, "tat", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long tat;

  /** Nothing has happened yet: a whole burst may. */
  Meter(long nowNanos) {
    tat = nowNanos;
  }

  /**
   * Counts an event that happens now whether or not it conforms: for what is slowed afterwards.
   *
   * @return nanoseconds until the next event will conform; 0 when it may come at once. Who waits
   *     that long after each event keeps to the rate, with one event of the burst unused
   */
  long take(Rate rate, long nowNanos) {
    if (rate.isUnlimited()) {
      return 0;
    }
    while (true) {
      long before = tat;
      long after = Rate.after(before, rate.intervalNanos(), nowNanos);
      if (TAT.compareAndSet(this, before, after)) {
        return Rate.untilConforming(after, rate.toleranceNanos(), nowNanos);
      }
    }
  }

  /**
   * The same for a meter that one thread at a time uses, without an atomic operation. Should two
   * threads meet here after all, an event may go uncounted.
   */
  long takeAlone(long intervalNanos, long toleranceNanos, long nowNanos) {
    long after = Rate.after((long) TAT.getOpaque(this), intervalNanos, nowNanos);
    TAT.setOpaque(this, after);
    return Rate.untilConforming(after, toleranceNanos, nowNanos);
  }

  /**
   * Reserves the next free place in time for an event, unless that is too far away.
   *
   * @param longestNanos the longest wait; 0 asks for an event now or not at all
   * @return nanoseconds until the event may happen, or -1: too long, and nothing is counted
   */
  long reserve(Rate rate, long longestNanos, long nowNanos) {
    if (rate.isUnlimited()) {
      return 0;
    }
    while (true) {
      long before = tat;
      long wait = Rate.untilConforming(before, rate.toleranceNanos(), nowNanos);
      if (wait > longestNanos) {
        return -1;
      }
      if (TAT.compareAndSet(this, before, Rate.after(before, rate.intervalNanos(), nowNanos))) {
        return wait;
      }
    }
  }

  /** How long until an event would conform; counts nothing. */
  long untilConforming(Rate rate, long nowNanos) {
    return rate.isUnlimited() ? 0 : Rate.untilConforming(tat, rate.toleranceNanos(), nowNanos);
  }

  /** Whether it is as if nothing had ever happened. */
  boolean isIdle(long nowNanos) {
    return tat - nowNanos <= 0;
  }

  /** Forgives what is owed beyond a burst. For one thread at a time. */
  void forgive(long toleranceNanos, long nowNanos) {
    if ((long) TAT.getOpaque(this) - toleranceNanos - nowNanos > 0) {
      TAT.setOpaque(this, nowNanos + toleranceNanos);
    }
  }
}

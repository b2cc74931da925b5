package dev.earshot.gateway.limits;

import java.time.Duration;

/**
 * How often something may happen, and how much of it at once: the generic cell rate algorithm in
 * its virtual scheduling form (ITU-T Recommendation I.371, annex A). One number is the whole state
 * of what is limited, the theoretical arrival time (TAT): when the next event is due if events came
 * evenly. An event conforms unless it comes more than the tolerance before its TAT, and moves the
 * TAT by one interval from then or from now, whichever is later. Hence at most burst + t / interval
 * events conform in any time t. {@link Meter} holds the number.
 *
 * <p>All times are nanoseconds of one monotonic clock. They are compared by difference, so they may
 * be negative and may overflow.
 *
 * @param intervalNanos between two events that come evenly; 0 means not limited
 * @param toleranceNanos how much too early an event may be: (burst - 1) intervals
 */
public record Rate(long intervalNanos, long toleranceNanos) {
  private static final long LONGEST = Duration.ofDays(365).toNanos();

  /** Limits nothing. */
  public static final Rate UNLIMITED = new Rate(0, 0);

  public Rate {
    require("intervalNanos", intervalNanos);
    require("toleranceNanos", toleranceNanos);
  }

  private static void require(String field, long nanos) {
    if (nanos < 0 || nanos > LONGEST) {
      throw new IllegalArgumentException(
          field + ": " + nanos + " (expected: 0 to " + LONGEST + ")");
    }
  }

  /**
   * So many in that time. The interval is rounded up to a nanosecond: never more than was allowed.
   *
   * @param count at least 1
   * @param burst how many may come at once after a quiet time, at least 1
   */
  public static Rate of(int count, Duration per, int burst) {
    if (count < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "count, burst: " + count + ", " + burst + " (expected: at least 1)");
    }
    long interval = Math.ceilDiv(per.toNanos(), count);
    return new Rate(interval, Math.multiplyExact(interval, burst - 1L));
  }

  /** So many a second; 0 means not limited. */
  static Rate perSecond(int count, int burst) {
    return count == 0 ? UNLIMITED : of(count, Duration.ofSeconds(1), burst);
  }

  boolean isUnlimited() {
    return intervalNanos == 0;
  }

  /** The TAT after an event that happens now. */
  static long after(long tat, long intervalNanos, long nowNanos) {
    return (tat - nowNanos > 0 ? tat : nowNanos) + intervalNanos;
  }

  /** How long until an event conforms; 0 when one does now. */
  static long untilConforming(long tat, long toleranceNanos, long nowNanos) {
    return Math.max(0, tat - toleranceNanos - nowNanos);
  }
}

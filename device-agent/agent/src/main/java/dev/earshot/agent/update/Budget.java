package dev.earshot.agent.update;

/**
 * What a device took from the network in the present day of its budget. The day is renewed by
 * whichever comes first: 24 hours of fleet time counted while the device ran, or the wall clock 24
 * hours beyond the latest time that any day began at. The first needs no clock and never blocks a
 * device for ever; the second lets a device that runs an hour a day have its budget every day. A
 * wrong clock renews it once on its way forward; jumping back and forth gives nothing more, because
 * the mark never goes back.
 *
 * @param bytes taken in this day
 * @param ranMillis fleet time that was counted since the day began
 * @param beganWallMillis the latest wall clock, Unix ms, that a day began at; 0 before the first
 */
public record Budget(long bytes, long ranMillis, long beganWallMillis) {
  /** A day of the budget, in milliseconds of fleet time. */
  public static final long DAY_MILLIS = 86_400_000;

  /** Nothing was taken yet. */
  public static final Budget NEW = new Budget(0, 0, 0);

  public Budget {
    if (bytes < 0 || ranMillis < 0) {
      throw new IllegalArgumentException(
          "bytes: " + bytes + ", ranMillis: " + ranMillis + " (expected: >= 0)");
    }
  }

  /** After that much fleet time, with the wall clock showing that. */
  public Budget later(long elapsedMillis, long wallMillis) {
    long ran = ranMillis + Math.max(0, elapsedMillis);
    if (ran >= DAY_MILLIS || wallMillis - beganWallMillis >= DAY_MILLIS) {
      return new Budget(0, 0, Math.max(beganWallMillis, wallMillis));
    }
    return new Budget(bytes, ran, beganWallMillis);
  }

  /** With so many bytes more. */
  public Budget taken(long more) {
    return new Budget(bytes + more, ranMillis, beganWallMillis);
  }

  /** Fleet time until the day is over for certain, whatever the wall clock says. */
  public long millisLeft() {
    return Math.max(1, DAY_MILLIS - ranMillis);
  }
}

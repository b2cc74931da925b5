package dev.earshot.monitoring.health;

import dev.earshot.protocol.v1.Heartbeat;
import java.time.Duration;

/**
 * When an interval ended, by the fleet's clock.
 *
 * <p>The device says when the interval began, but its clock may be wrong; the gateway says when it
 * had the heartbeat, but a device that was away delivers late. So the device is believed as long as
 * what it says is possible: not after the gateway had it, and not more than the grace before that.
 * A clock that is ahead, or that says nothing, gives way to the gateway's; so does one that says
 * more than the grace ago: a reset clock is by far the commonest reason for that, and such an
 * interval is {@code late}. It is counted all the same, in the window in which it came.
 *
 * @param millis Unix ms
 * @param late whether it came after the grace
 */
public record EventTime(long millis, boolean late) {
  /** The end of that interval, which the gateway had at {@code receivedMillis}. */
  public static EventTime of(Heartbeat beat, long receivedMillis, Duration grace) {
    long start = beat.getIntervalStartMs();
    if (start <= 0 || start > receivedMillis) {
      return new EventTime(receivedMillis, false);
    }
    long end = start + Integer.toUnsignedLong(beat.getIntervalMs());
    if (end > receivedMillis) {
      return new EventTime(receivedMillis, false);
    }
    return end < receivedMillis - grace.toMillis()
        ? new EventTime(receivedMillis, true)
        : new EventTime(end, false);
  }
}

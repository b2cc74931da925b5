package dev.earshot.simulator.verify;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts heartbeats as they arrive, each interval once however often it was delivered. Used by one
 * thread.
 */
public final class HeartbeatCount {
  private final Map<DeviceId, DeliveryWindow> windows = new HashMap<>();
  private final Map<Truth.Key, Counts> counts = new HashMap<>();
  private long intervals;
  private long duplicates;
  private long tooOld;

  /** Takes the next one in; tells whether it counts. */
  public boolean offer(DeviceId id, Heartbeat heartbeat) {
    DeliveryWindow.Outcome outcome =
        windows
            .getOrDefault(id, DeliveryWindow.EMPTY)
            .offer(heartbeat.getBootId(), heartbeat.getSequence());
    windows.put(id, outcome.window());
    return switch (outcome.verdict()) {
      case FIRST -> {
        intervals++;
        counts.merge(
            new Truth.Key(heartbeat.getRelease(), heartbeat.getEnvironment()),
            Counts.of(heartbeat),
            Counts::plus);
        yield true;
      }
      case DUPLICATE -> {
        duplicates++;
        yield false;
      }
      case TOO_OLD -> {
        tooOld++;
        yield false;
      }
    };
  }

  /** Intervals that counted. */
  public long intervals() {
    return intervals;
  }

  /** Deliveries of intervals that had counted. */
  public long duplicates() {
    return duplicates;
  }

  /** Deliveries that came too far behind to tell, and were not counted. */
  public long tooOld() {
    return tooOld;
  }

  /** What the intervals add up to. */
  public Counted counted() {
    return new Counted("in kafka", counts, intervals);
  }
}

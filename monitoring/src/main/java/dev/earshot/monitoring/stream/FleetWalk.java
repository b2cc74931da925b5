package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.AgeHistogram;
import dev.earshot.monitoring.health.FleetKey;
import dev.earshot.monitoring.health.Silence;
import dev.earshot.monitoring.health.SilenceKey;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all devices of a partition for what only the passing of time changes: who is silent, and
 * how long ago each was heard. In slices, so that messages do not wait, and with rests of four
 * times what the walk took, so that it takes little of the thread however many devices there are.
 * For use by one thread.
 */
final class FleetWalk {
  /** How long one slice may take. */
  private static final long SLICE_NANOS = 20_000_000;

  /** Devices between two looks at the clock. */
  private static final int STRIDE = 64;

  private static final int REST = 4;
  private static final long SHORTEST_REST_MILLIS = 2_000;

  private final KeyValueStore<String, DeviceHealth> devices;
  private Map<SilenceKey, Long> silent = Map.of();
  private Map<FleetKey, AgeHistogram> ages = Map.of();
  private @Nullable Pass pass;
  private long endedMillis;
  private long restMillis;

  /** A walk that has not ended. */
  private static final class Pass {
    final long beganMillis;
    final long judgedAtMillis;
    final Map<SilenceKey, Long> silent = new HashMap<>();
    final Map<FleetKey, AgeHistogram> ages = new HashMap<>();
    @Nullable String reached;

    Pass(long beganMillis, long judgedAtMillis) {
      this.beganMillis = beganMillis;
      this.judgedAtMillis = judgedAtMillis;
    }

    void look(String key, DeviceHealth device) {
      reached = key;
      if (device.getLastHeartbeatMs() == 0) {
        return;
      }
      DeviceId id = DeviceId.parse(key);
      long ageMillis = Math.max(0, judgedAtMillis - device.getLastHeartbeatMs());
      ages.computeIfAbsent(new FleetKey(id.fleet()), absent -> new AgeHistogram())
          .add(ageMillis / 1e3);
      if (Silence.isSilent(device, judgedAtMillis)) {
        silent.merge(SilenceKey.of(id, device), 1L, Long::sum);
      }
    }
  }

  /** Stands at the beginning. */
  FleetWalk(KeyValueStore<String, DeviceHealth> devices) {
    this.devices = devices;
  }

  /**
   * Goes on for one slice, or rests.
   *
   * @param judgedAtMillis fleet time up to which silence can be told
   */
  void advance(long judgedAtMillis, long machineMillis) {
    Pass current = pass;
    if (current == null) {
      long rested = machineMillis - endedMillis;
      // A clock that was set back says nothing about how long it was.
      if (rested >= 0 && rested < restMillis) {
        return;
      }
      current = new Pass(machineMillis, judgedAtMillis);
      pass = current;
    }
    if (slice(current, System.nanoTime() + SLICE_NANOS)) {
      silent = Map.copyOf(current.silent);
      ages = Map.copyOf(current.ages);
      pass = null;
      endedMillis = machineMillis;
      restMillis = Math.max(SHORTEST_REST_MILLIS, REST * (machineMillis - current.beganMillis));
    }
  }

  /** Whether the end was reached. */
  private boolean slice(Pass current, long untilNanos) {
    String reached = current.reached;
    int looked = 0;
    // A new iterator each time: it must see what messages have changed meanwhile.
    try (KeyValueIterator<String, DeviceHealth> rest = devices.range(reached, null)) {
      while (rest.hasNext()) {
        KeyValue<String, DeviceHealth> entry = rest.next();
        if (entry.key.equals(reached)) {
          continue;
        }
        current.look(entry.key, entry.value);
        if (++looked % STRIDE == 0 && System.nanoTime() - untilNanos >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Silent devices, as the last whole walk found them. */
  Map<SilenceKey, Long> silent() {
    return silent;
  }

  /** How long ago devices were heard, as the last whole walk found it. */
  Map<FleetKey, AgeHistogram> ages() {
    return ages;
  }
}

package dev.earshot.monitoring.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.monitoring.health.EventTime;
import dev.earshot.monitoring.health.FleetView.DeviceHistory;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceInterval;
import dev.earshot.protocol.v1.DeviceUpdate;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The newest intervals and updates of each device, in a ring of records of their own: a heartbeat
 * overwrites one small record and reads none.
 */
final class RecentBook {
  /** How many intervals of a device are kept, and how many changes of its update. */
  static final int KEPT = 12;

  private static final Comparator<DeviceInterval> NEWEST_FIRST =
      Comparator.comparing(DeviceInterval::getBootId, Integer::compareUnsigned)
          .thenComparing(DeviceInterval::getSequence, Integer::compareUnsigned)
          .reversed();
  private static final String INTERVAL = "|i";
  private static final String UPDATE = "|u";

  private final KeyValueStore<String, byte[]> store;

  RecentBook(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** Notes an interval that was counted; {@code device} is as it is after it. */
  void note(DeviceId id, DeviceHealth device, Heartbeat beat, EventTime ended, long receivedMs) {
    DeviceInterval interval =
        DeviceInterval.newBuilder()
            .setBootId(beat.getBootId())
            .setSequence(beat.getSequence())
            .setEndedMs(ended.millis())
            .setReceivedMs(receivedMs)
            .setIntervalMs(beat.getIntervalMs())
            .setRelease(beat.getRelease())
            .setEnvironment(beat.getEnvironment())
            .setListeningMs(beat.getListeningMs())
            .setWakes(beat.getWakes())
            .setFalseAccepts(beat.getFalseAccepts())
            .setSuspectedFalseRejects(beat.getSuspectedFalseRejects())
            .setNdpEnergyUj(beat.getNdpEnergyUj())
            .setBatterySocPct(beat.getBatterySocPct())
            .setUnexpectedReboots(beat.getUnexpectedReboots())
            .setConnectivityConnectedMs(beat.getConnectivityConnectedMs())
            .build();
    long slot = device.getHeartbeats() % KEPT;
    store.put(id + INTERVAL + slot, interval.toByteArray());
  }

  /** Notes a change of the device's update. */
  void note(DeviceId id, DeviceHealth device, long receivedMs) {
    DeviceUpdate update =
        DeviceUpdate.newBuilder().setReceivedMs(receivedMs).setUpdate(device.getUpdate()).build();
    store.put(id + UPDATE + device.getUpdates() % KEPT, update.toByteArray());
  }

  /** What is kept of a device, newest first. */
  static DeviceHistory history(
      ReadOnlyKeyValueStore<String, byte[]> store, DeviceId id, DeviceHealth health) {
    List<DeviceInterval> intervals = new ArrayList<>();
    NavigableMap<Integer, DeviceUpdate> updates = new TreeMap<>();
    try (KeyValueIterator<String, byte[]> all = store.range(id + INTERVAL, id + UPDATE + "~")) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        if (entry.key.startsWith(INTERVAL, id.toString().length())) {
          intervals.add(DeviceInterval.parseFrom(entry.value));
        } else {
          int slot = Integer.parseInt(entry.key.substring((id + UPDATE).length()));
          int behind = Math.floorMod(health.getUpdates() - slot, KEPT);
          updates.put(behind, DeviceUpdate.parseFrom(entry.value));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new SerializationException("a record of " + id + " is not ours", e);
    }
    intervals.sort(NEWEST_FIRST);
    return new DeviceHistory(health, intervals, List.copyOf(updates.values()));
  }
}

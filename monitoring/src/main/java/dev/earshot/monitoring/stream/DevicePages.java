package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.FleetView.DeviceFilter;
import dev.earshot.monitoring.health.FleetView.DevicePage;
import dev.earshot.monitoring.health.FleetView.DeviceView;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Merges the partitions' devices in the order of their names, and stops at the end of the page, or
 * after {@value #LONGEST_LOOK} devices that nobody asked for.
 */
final class DevicePages {
  /** Devices that one request looks at, at most. */
  static final int LONGEST_LOOK = 20_000;

  private DevicePages() {}

  /** The next device of one partition. */
  private record Head(
      KeyValue<String, DeviceHealth> entry, KeyValueIterator<String, DeviceHealth> rest) {}

  static DevicePage page(
      List<? extends ReadOnlyKeyValueStore<String, DeviceHealth>> partitions,
      String after,
      int limit,
      DeviceFilter filter,
      long nowMillis) {
    List<KeyValueIterator<String, DeviceHealth>> open = new ArrayList<>();
    try {
      PriorityQueue<Head> heads =
          new PriorityQueue<>(Comparator.comparing((Head head) -> head.entry().key));
      for (ReadOnlyKeyValueStore<String, DeviceHealth> partition : partitions) {
        KeyValueIterator<String, DeviceHealth> devices =
            partition.range(after.isEmpty() ? null : after, null);
        open.add(devices);
        offer(heads, devices);
      }
      return merged(heads, after, limit, filter, nowMillis);
    } finally {
      open.forEach(KeyValueIterator::close);
    }
  }

  private static DevicePage merged(
      PriorityQueue<Head> heads, String after, int limit, DeviceFilter filter, long nowMillis) {
    List<DeviceView> page = new ArrayList<>();
    String last = after;
    int looked = 0;
    for (Head head = heads.poll(); head != null; head = heads.poll()) {
      String key = head.entry().key;
      if (!key.equals(after)) {
        if (page.size() == limit || looked == LONGEST_LOOK) {
          return new DevicePage(page, last);
        }
        DeviceView device = new DeviceView(DeviceId.parse(key), head.entry().value);
        if (filter.admits(device, nowMillis)) {
          page.add(device);
        }
        looked++;
        last = key;
      }
      offer(heads, head.rest());
    }
    @Nullable String none = null;
    return new DevicePage(page, none);
  }

  private static void offer(
      PriorityQueue<Head> heads, KeyValueIterator<String, DeviceHealth> devices) {
    if (devices.hasNext()) {
      heads.add(new Head(devices.next(), devices));
    }
  }
}

package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.EventTime;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.LabelFold;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceInterval;
import dev.earshot.protocol.v1.DeviceUpdate;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.Heartbeat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A fleet in memory. */
final class FakeFleet implements FleetView {
  static final long NOW = Instant.parse("2026-03-01T12:02:00Z").toEpochMilli();

  FleetSnapshot snapshot = FleetSnapshot.EMPTY;
  String problem = "";
  final TreeMap<String, DeviceHealth> devices = new TreeMap<>();
  final Map<WindowKey, HealthTotals> windows = new HashMap<>();

  /** Counts an interval that ended then. */
  void count(HealthKey labels, Heartbeat beat, long endedMillis) {
    HealthTotals one = Totals.of(beat, new EventTime(endedMillis, false));
    Map<HealthKey, HealthTotals> totals = new HashMap<>(snapshot.totals());
    totals.merge(labels, one, Totals::plus);
    snapshot =
        new FleetSnapshot(
            totals,
            snapshot.devices(),
            snapshot.updates(),
            snapshot.silent(),
            snapshot.ages(),
            LabelFold.NONE);
    windows.merge(WindowKey.at(endedMillis, labels), one, Totals::plus);
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public long nowMillis() {
    return NOW;
  }

  @Override
  public FleetSnapshot snapshot() {
    requireReady();
    return snapshot;
  }

  @Override
  public DevicePage devices(String after, int limit, DeviceFilter filter) {
    requireReady();
    List<DeviceView> page = new ArrayList<>();
    @Nullable String next = null;
    for (Map.Entry<String, DeviceHealth> entry : devices.tailMap(after, false).entrySet()) {
      if (page.size() == limit) {
        next = page.getLast().id().toString();
        break;
      }
      DeviceView device = new DeviceView(DeviceId.parse(entry.getKey()), entry.getValue());
      if (filter.admits(device, NOW)) {
        page.add(device);
      }
    }
    return new DevicePage(page, next);
  }

  @Override
  public Optional<DeviceHistory> device(DeviceId id) {
    requireReady();
    return Optional.ofNullable(devices.get(id.toString()))
        .map(
            health ->
                new DeviceHistory(
                    health,
                    List.of(DeviceInterval.newBuilder().setEndedMs(NOW).build()),
                    List.of(DeviceUpdate.newBuilder().setUpdate(health.getUpdate()).build())));
  }

  @Override
  public void windows(long fromMillis, long toMillis, BiConsumer<WindowKey, HealthTotals> reader) {
    requireReady();
    windows.forEach(
        (key, sums) -> {
          if (key.startMillis() >= fromMillis && key.startMillis() < toMillis) {
            reader.accept(key, sums);
          }
        });
  }

  private void requireReady() {
    if (!problem.isEmpty()) {
      throw new NotReady(problem, null);
    }
  }
}

package dev.earshot.cli.simulate;

import dev.earshot.cli.up.MetricsPage;
import dev.earshot.protocol.Labels;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.verify.Counted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What monitoring shows of a fleet at one moment, in its counters' whole units. Counters go on over
 * restarts: what happened in a while is the difference of two moments.
 *
 * @param sums by release and environment, in the order of {@link #COUNTERS}
 */
record MonitoringCount(Map<Truth.Key, long[]> sums) {
  private static final double MILLI = 1e3;
  private static final double MICRO = 1e6;

  /** A counter and what makes whole numbers of it. */
  private record Counter(String name, double scale) {}

  private static final List<Counter> COUNTERS =
      List.of(
          new Counter("earshot_fleet_heartbeats_total", 1),
          new Counter("earshot_fleet_listening_seconds_total", MILLI),
          new Counter("earshot_fleet_wakes_total", 1),
          new Counter("earshot_fleet_false_accepts_total", 1),
          new Counter("earshot_fleet_suspected_false_rejects_total", 1),
          new Counter("earshot_fleet_inferences_total", 1),
          new Counter("earshot_fleet_ndp_energy_joules_total", MICRO),
          // Of a battery: 1 is 100 percent.
          new Counter("earshot_fleet_battery_drop_ratio_total", 100 * MICRO),
          new Counter("earshot_fleet_battery_discharge_seconds_total", MILLI),
          new Counter("earshot_fleet_operational_crashfree_seconds_total", MILLI),
          new Counter("earshot_fleet_unexpected_reboots_total", 1));

  /** Reads a page, whatever its other labels are. */
  static MonitoringCount of(MetricsPage page, String fleet) {
    List<String> names = COUNTERS.stream().map(Counter::name).toList();
    Map<Truth.Key, double[]> sums = new HashMap<>();
    for (MetricsPage.Sample sample : page.samples()) {
      int index = names.indexOf(sample.name());
      if (index >= 0 && fleet.equals(sample.labels().get("fleet"))) {
        Truth.Key key =
            new Truth.Key(
                sample.labels().getOrDefault("release", ""),
                Labels.environment(sample.labels().getOrDefault("environment", "")));
        sums.computeIfAbsent(key, absent -> new double[COUNTERS.size()])[index] +=
            sample.value() * COUNTERS.get(index).scale();
      }
    }
    Map<Truth.Key, long[]> whole = new HashMap<>();
    sums.forEach(
        (key, values) -> {
          long[] rounded = new long[values.length];
          for (int i = 0; i < values.length; i++) {
            rounded[i] = Math.round(values[i]);
          }
          whole.put(key, rounded);
        });
    return new MonitoringCount(whole);
  }

  /** What was counted after an earlier moment. */
  MonitoringCount minus(MonitoringCount before) {
    Map<Truth.Key, long[]> difference = new HashMap<>();
    sums.forEach(
        (key, values) -> {
          long[] then = before.sums.getOrDefault(key, new long[values.length]);
          long[] since = new long[values.length];
          for (int i = 0; i < values.length; i++) {
            since[i] = values[i] - then[i];
          }
          difference.put(key, since);
        });
    return new MonitoringCount(difference);
  }

  /** As a column of the comparison. */
  Counted counted() {
    Map<Truth.Key, Counts> counts = new HashMap<>();
    List<Long> intervals = new ArrayList<>();
    sums.forEach(
        (key, v) -> {
          intervals.add(v[0]);
          counts.put(key, new Counts(v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10]));
        });
    counts.values().removeIf(Counts.NONE::equals);
    return new Counted("monitoring", counts, intervals.stream().mapToLong(Long::longValue).sum());
  }
}

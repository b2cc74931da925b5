package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.LabelSet;
import dev.earshot.monitoring.health.PopulationKey;
import dev.earshot.monitoring.health.SilenceKey;
import dev.earshot.monitoring.health.UpdateKey;
import dev.earshot.protocol.v1.HealthTotals;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The fleet's metrics. Base units: seconds, joules, ratios of one. */
final class FleetFamilies {
  private static final double MILLIS = 1e-3;
  private static final double MICROS = 1e-6;

  /** A counter: name, help, and what it takes from the sums. */
  private record Sum(String name, String help, ToDoubleFunction<HealthTotals> value) {}

  private static final List<Sum> SUMS =
      List.of(
          new Sum(
              "earshot_fleet_heartbeats",
              "Reporting intervals, each counted once.",
              HealthTotals::getHeartbeats),
          new Sum(
              "earshot_fleet_listening_seconds",
              "Time that detectors were listening: the exposure of false accepts.",
              sums -> sums.getListeningMs() * MILLIS),
          new Sum("earshot_fleet_wakes", "Detections of the wake word.", HealthTotals::getWakes),
          new Sum(
              "earshot_fleet_false_accepts",
              "Wakes that the second stage rejected.",
              HealthTotals::getFalseAccepts),
          new Sum(
              "earshot_fleet_suspected_false_rejects",
              "Near misses followed by a successful retry.",
              HealthTotals::getSuspectedFalseRejects),
          new Sum("earshot_fleet_inferences", "Inferences.", HealthTotals::getInferences),
          new Sum(
              "earshot_fleet_ndp_energy_joules",
              "Energy used by neural decision processors.",
              sums -> sums.getNdpEnergyUj() * MICROS),
          new Sum(
              "earshot_fleet_battery_drop_ratio",
              "Battery state of charge lost, summed over devices; 1 is one full battery.",
              sums -> sums.getBatterySocPctDrop() / 100),
          new Sum(
              "earshot_fleet_battery_discharge_seconds",
              "Time on battery.",
              sums -> sums.getBatteryDischargeMs() * MILLIS),
          new Sum(
              "earshot_fleet_operational_seconds",
              "Time covered by reporting intervals.",
              sums -> sums.getOperationalMs() * MILLIS),
          new Sum(
              "earshot_fleet_operational_crashfree_seconds",
              "Time without a crash.",
              sums -> sums.getOperationalCrashfreeMs() * MILLIS),
          new Sum(
              "earshot_fleet_unexpected_reboots",
              "Reboots that nobody asked for.",
              HealthTotals::getUnexpectedReboots),
          new Sum(
              "earshot_fleet_dropped_heartbeats",
              "Reporting intervals that devices gave up: they could not keep more until they were"
                  + " heard. An upper bound.",
              HealthTotals::getDroppedHeartbeats),
          new Sum(
              "earshot_fleet_connectivity_connected_seconds",
              "Time connected.",
              sums -> sums.getConnectivityConnectedMs() * MILLIS),
          new Sum(
              "earshot_fleet_connectivity_expected_seconds",
              "Time that should have been connected.",
              sums -> sums.getConnectivityExpectedMs() * MILLIS));

  private FleetFamilies() {}

  static List<MetricFamilySamples> of(FleetSnapshot fleet) {
    List<MetricFamilySamples> families = new ArrayList<>();
    for (Sum sum : SUMS) {
      CounterMetricFamily family = new CounterMetricFamily(sum.name(), sum.help(), HealthKey.NAMES);
      fleet
          .totals()
          .forEach(
              (key, value) -> family.addMetric(key.values(), sum.value().applyAsDouble(value)));
      families.add(family);
    }
    families.add(
        gauge(
            "earshot_fleet_devices",
            "Devices that were ever heard of, by the release that they run.",
            PopulationKey.NAMES,
            fleet.devices()));
    families.add(
        gauge(
            "earshot_fleet_silent_devices",
            "Devices that missed more than three of their own reporting intervals in a row.",
            SilenceKey.NAMES,
            fleet.silent()));
    families.add(
        gauge(
            "earshot_fleet_update_devices",
            "Devices by how far their newest update is: the release that it brings, the rollout"
                + " that ordered it.",
            UpdateKey.NAMES,
            fleet.updates()));
    families.addAll(Histograms.of(fleet));
    return families;
  }

  private static MetricFamilySamples gauge(
      String name, String help, List<String> labels, Map<? extends LabelSet<?>, Long> counts) {
    GaugeMetricFamily family = new GaugeMetricFamily(name, help, labels);
    counts.forEach((key, count) -> family.addMetric(key.values(), count));
    return family;
  }
}

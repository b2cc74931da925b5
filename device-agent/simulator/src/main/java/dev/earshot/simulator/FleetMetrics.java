package dev.earshot.simulator;

import dev.earshot.protocol.Labels;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A fleet's figures for Prometheus, read when they are scraped: {@code earshot_simulator_*}. Labels
 * come from closed sets: releases, environments, update states. Register it with {@code
 * registry.register(new FleetMetrics(simulator))}.
 */
public final class FleetMetrics extends Collector {
  private static final String PREFIX = "earshot_simulator_";
  private static final double MILLIS_PER_SECOND = 1000;

  private final FleetSimulator simulator;

  public FleetMetrics(FleetSimulator simulator) {
    this.simulator = simulator;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    FleetStats stats = simulator.stats();
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(gauge("devices", "Simulated devices", stats.devices()));
    families.add(gauge("devices_connected", "Devices with a session", stats.connected()));
    families.add(counter("connects", "Sessions that came up", stats.connects()));
    families.add(
        counter(
            "connections_lost", "Sessions that ended or never came up", stats.connectionsLost()));
    families.add(
        counter(
            "heartbeats_published",
            "Heartbeat publications, repetitions included",
            stats.heartbeatsPublished()));
    families.add(
        counter(
            "heartbeats_acknowledged",
            "Heartbeats that the gateway acknowledged, each once",
            stats.heartbeatsAcknowledged()));
    families.add(counter("commands", "Commands delivered, repetitions included", stats.commands()));
    families.add(counter("power_cuts", "Power cuts", stats.powerCuts()));
    families.add(
        gauges("release_devices", "Devices that listen with it", "release", stats.byRelease()));
    families.add(
        gauges(
            "update_devices",
            "Devices that reported this update state last",
            "state",
            stats.byUpdateState()));
    families.addAll(truth(simulator.truth()));
    return families;
  }

  private static List<MetricFamilySamples> truth(Truth truth) {
    List<String> labels = List.of("release", "environment");
    CounterMetricFamily falseAccepts =
        new CounterMetricFamily(
            PREFIX + "false_accepts", "False accepts that really happened", labels);
    CounterMetricFamily listening =
        new CounterMetricFamily(
            PREFIX + "listening_seconds", "Time that devices really listened", labels);
    for (Map.Entry<Truth.Key, Counts> entry : truth.happened().entrySet()) {
      List<String> values =
          List.of(entry.getKey().release(), Labels.of(entry.getKey().environment()));
      Counts counts = entry.getValue();
      falseAccepts.addMetric(values, (double) counts.falseAccepts());
      listening.addMetric(values, counts.listeningMillis() / MILLIS_PER_SECOND);
    }
    return List.of(falseAccepts, listening);
  }

  private static MetricFamilySamples gauge(String name, String help, long value) {
    return new GaugeMetricFamily(PREFIX + name, help, (double) value);
  }

  private static MetricFamilySamples counter(String name, String help, long value) {
    return new CounterMetricFamily(PREFIX + name, help, (double) value);
  }

  private static MetricFamilySamples gauges(
      String name, String help, String label, Map<String, Long> values) {
    GaugeMetricFamily family = new GaugeMetricFamily(PREFIX + name, help, List.of(label));
    values.forEach((value, count) -> family.addMetric(List.of(value), (double) count));
    return family;
  }
}

package dev.earshot.simulator;

import dev.earshot.protocol.Labels;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A fleet's figures for Prometheus, read when they are scraped: {@code earshot_simulator_*}. Labels
 * come from closed sets: releases, environments, update states, operations, reasons. Register it
 * with {@code registry.register(new FleetMetrics(simulator))}.
 */
public final class FleetMetrics extends Collector {
  private static final String PREFIX = "earshot_simulator_";
  private static final double MILLIS_PER_SECOND = 1000;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Upper bounds of the buckets, seconds. */
  private static final double[] BOUNDS = {
    .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30
  };

  private final Supplier<FleetReport> fleet;

  public FleetMetrics(FleetSimulator simulator) {
    this(simulator::report);
  }

  /** Of a fleet that reports, in however many processes it is. */
  public FleetMetrics(Supplier<FleetReport> fleet) {
    this.fleet = fleet;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    FleetReport report = fleet.get();
    FleetStats stats = report.stats();
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
    families.addAll(truth(report.truth()));
    families.add(times(report.measurements()));
    families.add(errors(report.measurements()));
    families.addAll(use(report.use()));
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

  private static MetricFamilySamples times(Measurements measurements) {
    String name = PREFIX + "operation_seconds";
    List<Sample> samples = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      Histogram time = measurements.time(operation);
      List<String> label = List.of(operation.label());
      for (double bound : BOUNDS) {
        samples.add(bucket(name, operation, Collector.doubleToGoString(bound), below(time, bound)));
      }
      samples.add(bucket(name, operation, "+Inf", time.getTotalCount()));
      samples.add(
          new Sample(name + "_count", List.of("operation"), label, (double) time.getTotalCount()));
      samples.add(new Sample(name + "_sum", List.of("operation"), label, sumSeconds(time)));
    }
    return new MetricFamilySamples(
        name, Type.HISTOGRAM, "Time to connect, to be acknowledged, to download", samples);
  }

  private static Sample bucket(String name, Operation operation, String bound, long count) {
    return new Sample(
        name + "_bucket",
        List.of("operation", "le"),
        List.of(operation.label(), bound),
        (double) count);
  }

  private static long below(Histogram time, double seconds) {
    return time.getCountBetweenValues(0, (long) (seconds * MICROS_PER_SECOND));
  }

  private static double sumSeconds(Histogram time) {
    return time.getTotalCount() == 0
        ? 0
        : time.getMean() * time.getTotalCount() / MICROS_PER_SECOND;
  }

  private static MetricFamilySamples errors(Measurements measurements) {
    CounterMetricFamily errors =
        new CounterMetricFamily(
            PREFIX + "errors", "Connections and downloads that failed", List.of("reason"));
    measurements
        .errors()
        .forEach((reason, count) -> errors.addMetric(List.of(reason), (double) count));
    return errors;
  }

  private static List<MetricFamilySamples> use(ProcessUse use) {
    return List.of(
        gauge("processes", "Processes that the fleet runs in", use.processes()),
        gauge("resident_memory_bytes", "Memory of these processes", use.residentBytes()),
        gauge("heap_used_bytes", "Of it, Java objects, garbage included", use.heapBytes()),
        gauge("open_fds", "Open files and sockets of these processes", use.descriptors()),
        new CounterMetricFamily(
            PREFIX + "cpu_seconds",
            "Processor time of these processes",
            use.cpuNanos() / NANOS_PER_SECOND));
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

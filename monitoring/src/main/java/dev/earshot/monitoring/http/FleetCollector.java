package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.PopulationKey;
import dev.earshot.monitoring.stream.HealthStream;
import dev.earshot.protocol.v1.HealthTotals;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The fleet as Prometheus sees it, read from the stores at each scrape: counters continue over
 * restarts because the stores do. Base units. While partitions move nothing is exported: a gap is
 * honest, a wrong number is not.
 */
final class FleetCollector extends Collector {
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
              "earshot_fleet_connectivity_connected_seconds",
              "Time connected.",
              sums -> sums.getConnectivityConnectedMs() * MILLIS),
          new Sum(
              "earshot_fleet_connectivity_expected_seconds",
              "Time that should have been connected.",
              sums -> sums.getConnectivityExpectedMs() * MILLIS));

  private final HealthStream stream;

  FleetCollector(HealthStream stream) {
    this.stream = stream;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    try {
      Map<HealthKey, HealthTotals> totals = stream.totals();
      for (Sum sum : SUMS) {
        CounterMetricFamily family =
            new CounterMetricFamily(sum.name(), sum.help(), HealthKey.NAMES);
        totals.forEach(
            (key, value) -> family.addMetric(key.values(), sum.value().applyAsDouble(value)));
        families.add(family);
      }
      families.add(scores(totals));
      families.add(population());
    } catch (HealthStream.NotReady e) {
      families.clear();
    }
    families.add(
        new GaugeMetricFamily(
            "earshot_monitoring_ready",
            "1 while the fleet's sums can be read, else 0.",
            families.isEmpty() ? 0 : 1));
    return families;
  }

  private GaugeMetricFamily population() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "earshot_fleet_devices",
            "Devices that were ever heard of, by the release that they run.",
            PopulationKey.NAMES);
    stream.population().forEach((key, count) -> family.addMetric(key.values(), count));
    return family;
  }

  /**
   * A histogram over int8 scores; only release and environment label it, to keep the number of
   * series small.
   */
  private static MetricFamilySamples scores(Map<HealthKey, HealthTotals> totals) {
    Map<List<String>, long[]> histograms = new LinkedHashMap<>();
    totals.forEach(
        (key, sums) -> {
          long[] buckets =
              histograms.computeIfAbsent(
                  List.of(key.release(), key.environment()), absent -> new long[32]);
          for (int i = 0; i < sums.getScoreHistogramCount(); i++) {
            buckets[i] += sums.getScoreHistogram(i);
          }
        });
    String name = "earshot_fleet_inference_score";
    List<String> labels = List.of("release", "environment");
    List<String> bucketLabels = List.of("release", "environment", "le");
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    histograms.forEach(
        (values, buckets) -> {
          long cumulative = 0;
          for (int i = 0; i < buckets.length; i++) {
            cumulative += buckets[i];
            String bound = i == buckets.length - 1 ? "+Inf" : doubleToGoString(8.0 * i - 121);
            samples.add(
                new MetricFamilySamples.Sample(
                    name + "_bucket",
                    bucketLabels,
                    List.of(values.get(0), values.get(1), bound),
                    cumulative));
          }
          samples.add(new MetricFamilySamples.Sample(name + "_count", labels, values, cumulative));
          samples.add(
              new MetricFamilySamples.Sample(name + "_sum", labels, values, midpoints(buckets)));
        });
    return new MetricFamilySamples(
        name,
        Type.HISTOGRAM,
        "Scores of all inferences, int8; the sum uses bucket centres.",
        samples);
  }

  private static double midpoints(long[] buckets) {
    double sum = 0;
    for (int i = 0; i < buckets.length; i++) {
      sum += buckets[i] * (8 * i - 124.5);
    }
    return sum;
  }
}

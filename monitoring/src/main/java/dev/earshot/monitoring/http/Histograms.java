package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.AgeHistogram;
import dev.earshot.monitoring.health.FleetKey;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.LabelSet;
import dev.earshot.monitoring.health.LatencyKey;
import dev.earshot.monitoring.health.ScoreKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.protocol.v1.HealthTotals;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * Histograms from what devices send as bucket counts. Few labels, because each set is dozens of
 * series. Sums come from the middles of the buckets: devices do not send them.
 */
final class Histograms {
  /** Buckets of int8 scores, eight wide. */
  static final int SCORE_BUCKETS = 32;

  /** Buckets of latencies, each twice as wide as the one before. */
  static final int LATENCY_BUCKETS = 20;

  private static final double MICROS = 1e-6;

  /** What a kind of histogram takes from the sums. */
  private record Scores(String name, String help, Function<HealthTotals, List<Long>> buckets) {}

  private static final List<Scores> SCORES =
      List.of(
          new Scores(
              "earshot_fleet_inference_score",
              "Scores of all inferences, int8; the sum uses bucket centres.",
              HealthTotals::getScoreHistogramList),
          new Scores(
              "earshot_fleet_confirmed_wake_score",
              "Peak scores, int8, of detections that the second stage did not reject.",
              HealthTotals::getConfirmedWakeScoresList),
          new Scores(
              "earshot_fleet_false_accept_score",
              "Peak scores, int8, of detections that the second stage rejected.",
              HealthTotals::getFalseAcceptScoresList),
          new Scores(
              "earshot_fleet_suspected_false_reject_score",
              "Peak scores, int8, of near misses followed by a successful retry.",
              HealthTotals::getSuspectedFalseRejectScoresList),
          new Scores(
              "earshot_fleet_near_miss_score",
              "Peak scores, int8, below the threshold that nobody repeated: mostly other speech.",
              HealthTotals::getNearMissScoresList));

  private Histograms() {}

  static List<MetricFamilySamples> of(FleetSnapshot fleet) {
    List<MetricFamilySamples> families = new ArrayList<>();
    Map<ScoreKey, HealthTotals> scores = fleet.scores();
    for (Scores kind : SCORES) {
      Series series = new Series(kind.name(), ScoreKey.NAMES, "_count", "_sum");
      scores.forEach(
          (key, sums) -> {
            long[] buckets = new long[SCORE_BUCKETS];
            Totals.addInto(buckets, kind.buckets().apply(sums));
            series.add(key, buckets, Histograms::scoreBound, i -> 8 * i - 124.5);
          });
      families.add(series.family(Collector.Type.HISTOGRAM, kind.help()));
    }
    families.add(latencies(fleet.latencies()));
    families.add(ages(fleet.ages()));
    return families;
  }

  /** The highest score in a bucket. */
  static double scoreBound(int bucket) {
    return 8.0 * bucket - 121;
  }

  private static MetricFamilySamples latencies(Map<LatencyKey, HealthTotals> latencies) {
    Series series =
        new Series("earshot_fleet_inference_duration_seconds", LatencyKey.NAMES, "_count", "_sum");
    latencies.forEach(
        (key, sums) -> {
          long[] buckets = new long[LATENCY_BUCKETS];
          Totals.addInto(buckets, sums.getInferenceUsHistogramList());
          series.add(key, buckets, i -> (2L << i) * MICROS, i -> 1.5 * (1L << i) * MICROS);
        });
    return series.family(
        Collector.Type.HISTOGRAM, "Time of one inference; the sum uses bucket centres.");
  }

  private static MetricFamilySamples ages(Map<FleetKey, AgeHistogram> ages) {
    Series series =
        new Series("earshot_fleet_heartbeat_age_seconds", FleetKey.NAMES, "_gcount", "_gsum");
    List<Double> bounds = AgeHistogram.bounds();
    ages.forEach(
        (key, histogram) -> {
          long[] buckets = new long[bounds.size() + 1];
          for (int i = 0; i < buckets.length; i++) {
            buckets[i] = histogram.count(i);
          }
          series.add(key, buckets, bounds::get, histogram.sumSeconds());
        });
    return series.family(
        Collector.Type.GAUGE_HISTOGRAM,
        "Devices by the time since their newest heartbeat, on the fleet's clock.");
  }

  /** The samples of one metric. */
  private static final class Series {
    private final String name;
    private final List<String> labels;
    private final List<String> bucketLabels;
    private final String countSuffix;
    private final String sumSuffix;
    private final List<MetricFamilySamples.Sample> samples = new ArrayList<>();

    Series(String name, List<String> labels, String countSuffix, String sumSuffix) {
      this.name = name;
      this.labels = labels;
      this.bucketLabels = plus(labels, "le");
      this.countSuffix = countSuffix;
      this.sumSuffix = sumSuffix;
    }

    void add(
        LabelSet<?> key, long[] buckets, IntToDoubleFunction bound, IntToDoubleFunction middle) {
      double sum = 0;
      for (int i = 0; i < buckets.length; i++) {
        sum += buckets[i] * middle.applyAsDouble(i);
      }
      add(key, buckets, bound, sum);
    }

    void add(LabelSet<?> key, long[] buckets, IntToDoubleFunction bound, double sum) {
      List<String> values = key.values();
      long cumulative = 0;
      for (int i = 0; i < buckets.length; i++) {
        cumulative += buckets[i];
        String le =
            i == buckets.length - 1 ? "+Inf" : Collector.doubleToGoString(bound.applyAsDouble(i));
        samples.add(
            new MetricFamilySamples.Sample(
                name + "_bucket", bucketLabels, plus(values, le), cumulative));
      }
      samples.add(new MetricFamilySamples.Sample(name + countSuffix, labels, values, cumulative));
      samples.add(new MetricFamilySamples.Sample(name + sumSuffix, labels, values, sum));
    }

    MetricFamilySamples family(Collector.Type type, String help) {
      return new MetricFamilySamples(name, type, help, samples);
    }

    private static List<String> plus(List<String> list, String last) {
      List<String> longer = new ArrayList<>(list);
      longer.add(last);
      return longer;
    }
  }
}

package dev.earshot.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.rollout.lifecycle.GateReport;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How gates stand, for Prometheus: evidence, what it must reach, and the estimate with the ends of
 * its 95 % confidence sequence, which holds at all looks together. What is not known is not
 * exported: an estimate of 1 is a finding, no estimate is none.
 */
final class GateMetrics {
  private final GaugeMetricFamily logE = gate("log_e", "ln e of a gate");
  private final GaugeMetricFamily threshold = gate("log_threshold", "What ln e must reach");
  private final GaugeMetricFamily limit =
      gate(
          "limit_ratio",
          "What the estimate is held against: a margin of the plan, 1 for harm, a share of updates");
  private final GaugeMetricFamily missing =
      gate("missing_hours", "Fleet hours until a gate that can't decide likely can");
  private final GaugeMetricFamily verdict =
      gauge("gate_verdict", "1 for what a gate says", "metric", "question", "verdict");
  private final Estimates all =
      new Estimates("gate_", "Treated over control, or share of updates", "metric", "question");
  private final Estimates byEnvironment =
      new Estimates(
          "gate_environment_",
          "Treated over control in one environment",
          "metric",
          "question",
          "environment");

  /** An estimate and the ends of its confidence sequence. */
  private record Estimates(
      GaugeMetricFamily estimate, GaugeMetricFamily low, GaugeMetricFamily high) {
    Estimates(String prefix, String what, String... labels) {
      this(
          gauge(prefix + "estimate_ratio", what, labels),
          gauge(prefix + "low_ratio", what + ": lower end, 95 % at all looks together", labels),
          gauge(prefix + "high_ratio", what + ": upper end, 95 % at all looks together", labels));
    }

    void add(List<String> labels, JsonNode from) {
      GateMetrics.add(estimate, labels, from.path("estimate"));
      GateMetrics.add(low, labels, from.path("low"));
      GateMetrics.add(high, labels, from.path("high"));
    }

    Stream<GaugeMetricFamily> families() {
      return Stream.of(estimate, low, high);
    }
  }

  /** Adds one gate of a rollout, as a snapshot carries it. */
  void add(String release, String rollout, JsonNode gate) {
    List<String> labels =
        List.of(release, rollout, gate.path("metric").asText(), gate.path("question").asText());
    add(logE, labels, gate.path("log_e"));
    add(threshold, labels, gate.path("log_threshold"));
    add(limit, labels, gate.path("limit"));
    add(missing, labels, gate.path("missing_hours"));
    verdict.addMetric(with(labels, gate.path("verdict").asText()), 1);
    all.add(labels, gate);
    for (JsonNode stratum : gate.path("strata")) {
      String name = stratum.path("stratum").asText();
      if (!name.equals(GateReport.POOLED)) {
        byEnvironment.add(with(labels, name), stratum);
      }
    }
  }

  List<MetricFamilySamples> families() {
    List<MetricFamilySamples> families =
        new ArrayList<>(List.of(logE, threshold, limit, missing, verdict));
    Stream.of(all, byEnvironment).flatMap(Estimates::families).forEach(families::add);
    return families;
  }

  /** A gauge of a rollout; its first labels are {@code release} and {@code rollout}. */
  static GaugeMetricFamily gauge(String name, String help, String... labels) {
    return new GaugeMetricFamily(
        "earshot_rollout_" + name,
        help,
        Stream.concat(Stream.of("release", "rollout"), Stream.of(labels)).toList());
  }

  private static GaugeMetricFamily gate(String name, String help) {
    return gauge("gate_" + name, help, "metric", "question");
  }

  private static void add(GaugeMetricFamily family, List<String> labels, JsonNode value) {
    if (value.isNumber()) {
      family.addMetric(labels, value.asDouble());
    }
  }

  private static List<String> with(List<String> labels, String last) {
    return Stream.concat(labels.stream(), Stream.of(last)).toList();
  }
}

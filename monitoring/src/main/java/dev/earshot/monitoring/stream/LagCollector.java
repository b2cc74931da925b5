package dev.earshot.monitoring.stream;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** How far behind the stream is, as its consumers see it. */
final class LagCollector extends Collector {
  private static final String LAG = "records-lag";

  private final KafkaStreams streams;

  LagCollector(KafkaStreams streams) {
    this.streams = streams;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Map<String, Double> lags = new HashMap<>();
    for (Metric metric : streams.metrics().values()) {
      MetricName name = metric.metricName();
      String topic = name.tags().get("topic");
      if (name.name().equals(LAG)
          && topic != null
          && isInput(topic)
          && metric.metricValue() instanceof Double lag
          && Double.isFinite(lag)) {
        lags.merge(topic, lag, Double::sum);
      }
    }
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "earshot_monitoring_lag_records",
            "Records that wait to be read in the partitions of this instance, by topic.",
            List.of("topic"));
    lags.forEach((topic, lag) -> family.addMetric(List.of(topic), lag));
    return List.of(family);
  }

  private static boolean isInput(String topic) {
    for (var input : HealthTopology.INPUTS) {
      if (input.topicName().equals(topic)) {
        return true;
      }
    }
    return false;
  }
}

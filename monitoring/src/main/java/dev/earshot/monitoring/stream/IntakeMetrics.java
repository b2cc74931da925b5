package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.EventTime;
import dev.earshot.protocol.delivery.DeliveryWindow;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process did, since it started: {@code delivered = first + late + duplicate + too_old}.
 * Work that a transaction took back is in it, too.
 */
final class IntakeMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeMetrics.class);

  private final Counter intervals;
  private final Counter unreadable;

  IntakeMetrics(CollectorRegistry registry) {
    intervals =
        Counter.build()
            .name("earshot_monitoring_intervals_total")
            .help(
                "Reporting intervals delivered to this process, by verdict; first and late ones are"
                    + " counted, late ones in the window in which they came.")
            .labelNames("verdict")
            .register(registry);
    for (String verdict : new String[] {"first", "late", "duplicate", "too_old"}) {
      intervals.labels(verdict);
    }
    unreadable =
        Counter.build()
            .name("earshot_monitoring_unreadable_total")
            .help("Records that could not be decoded and were passed over, by topic.")
            .labelNames("topic")
            .register(registry);
  }

  void interval(DeliveryWindow.Verdict verdict, EventTime ended) {
    String word =
        switch (verdict) {
          case FIRST -> ended.late() ? "late" : "first";
          case DUPLICATE -> "duplicate";
          case TOO_OLD -> "too_old";
        };
    intervals.labels(word).inc();
  }

  void unreadable(String topic, String why) {
    unreadable.labels(topic).inc();
    LOG.warn("passed over a record of {}: {}", topic, why);
  }
}

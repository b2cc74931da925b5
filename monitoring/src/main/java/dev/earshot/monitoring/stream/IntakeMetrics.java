package dev.earshot.monitoring.stream;

import dev.earshot.protocol.delivery.DeliveryWindow;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process did, since it started: {@code delivered = first + duplicate + too_old}. */
final class IntakeMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeMetrics.class);

  private final Counter intervals;
  private final Counter unreadable;

  IntakeMetrics(CollectorRegistry registry) {
    intervals =
        Counter.build()
            .name("earshot_monitoring_intervals_total")
            .help(
                "Reporting intervals delivered to this process, by verdict; only first is counted.")
            .labelNames("verdict")
            .register(registry);
    unreadable =
        Counter.build()
            .name("earshot_monitoring_unreadable_total")
            .help("Records that could not be decoded and were passed over, by topic.")
            .labelNames("topic")
            .register(registry);
  }

  void interval(DeliveryWindow.Verdict verdict) {
    intervals.labels(verdict.name().toLowerCase(Locale.ROOT)).inc();
  }

  void unreadable(String topic, String why) {
    unreadable.labels(topic).inc();
    LOG.warn("passed over a record of {}: {}", topic, why);
  }
}

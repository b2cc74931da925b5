package dev.earshot.monitoring.stream;

import io.prometheus.client.CollectorRegistry;
import org.apache.kafka.streams.Topology;

/**
 * The topology for drivers that bring their own time and messages instead of a broker. It is the
 * service's, operator for operator.
 */
public final class DrivenHealth {
  private DrivenHealth() {}

  /** Builds it; a topology serves one driver. */
  public static Topology topology() {
    return HealthTopology.build(new IntakeMetrics(new CollectorRegistry()));
  }
}

package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.MonitoringConfig.Limits;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.SeriesBudget;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import org.apache.kafka.streams.Topology;

/**
 * The topology for a driver that brings its own time and messages instead of a broker: the
 * service's, operator for operator, but with stores on the heap, for the driver commits after every
 * record. For use by one thread.
 */
public final class DrivenHealth {
  /** How often a driver must look at the clock, a second apart, until all that it sent is shown. */
  public static final int TURNS_UNTIL_SHOWN = 3;

  private final Boards boards = new Boards();
  private final InstantSource clock;

  /**
   * @param clock the fleet's
   */
  public DrivenHealth(InstantSource clock) {
    this.clock = clock;
  }

  /** Builds it; a topology serves one driver. */
  public Topology topology() {
    return HealthTopology.build(
        new TopologySettings(
            clock,
            Limits.DEFAULT.grace(),
            Limits.DEFAULT.retention(),
            new SeriesBudget(SeriesBudget.HIGHEST),
            boards,
            new IntakeMetrics(new CollectorRegistry())),
        Stores.onHeap());
  }

  /** What readers are shown. */
  public FleetSnapshot shown() {
    return boards.snapshot();
  }
}

package dev.earshot.cli.simulate;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.simulator.verify.Counted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What monitoring and the rollout service, by the very topologies that they run, count of
 * heartbeats that are shown to them in the order of Kafka. Used by one thread.
 */
public final class DownstreamCount implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final MonitoringEngine monitoring;
  private final RolloutEngine rollouts;

  /**
   * @param clock says when heartbeats were received
   */
  public DownstreamCount(InstantSource clock) {
    this.monitoring = new MonitoringEngine(clock);
    this.rollouts = new RolloutEngine(clock, TICK, 0, SigningKey.generate(), List.of());
  }

  /** Takes in the next record of the topic. */
  public void heartbeat(DeviceId id, byte[] payload) {
    monitoring.message(KafkaTopic.HEARTBEAT, id.toString(), payload);
    rollouts.message(KafkaTopic.HEARTBEAT, id, payload);
  }

  /** What each of them has counted. */
  public List<Counted> counted() {
    return List.of(
        ServiceCounts.monitoring(monitoring.settledTotals()), ServiceCounts.rollout(rollouts));
  }

  @Override
  public void close() {
    monitoring.close();
    rollouts.close();
  }
}

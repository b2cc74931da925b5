package dev.earshot.cli.simulate;

import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.stream.DrivenHealth;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.HealthWindow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Monitoring's topology on virtual time. Used by one thread. */
final class MonitoringEngine implements AutoCloseable {
  private final DrivenHealth health;
  private final TopologyRun run;

  MonitoringEngine(InstantSource clock) {
    this.health = new DrivenHealth(clock);
    this.run = new TopologyRun("simulated-monitoring", health.topology(), clock);
  }

  void message(KafkaTopic topic, String device, byte[] payload) {
    run.send(topic, device, payload);
  }

  void look() {
    run.look();
    // Nobody reads the windows here; the driver keeps them until somebody does.
    run.drain(KafkaTopic.FLEET_HEALTH, HealthWindow.parser(), (key, window) -> {});
  }

  /** What readers of monitoring are shown once all that it was sent is committed. */
  Map<HealthKey, HealthTotals> settledTotals() {
    for (int turn = 0; turn < DrivenHealth.TURNS_UNTIL_SHOWN; turn++) {
      run.pass(Duration.ofSeconds(1));
    }
    return health.shown().totals();
  }

  @Override
  public void close() {
    run.close();
  }
}

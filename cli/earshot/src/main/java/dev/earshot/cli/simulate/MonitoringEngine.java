package dev.earshot.cli.simulate;

import dev.earshot.monitoring.stream.DrivenHealth;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.HealthTotals;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Monitoring's topology on virtual time. Used by one thread. */
final class MonitoringEngine implements AutoCloseable {
  private final TopologyRun run;

  /** The newest published sums of each set of labels. */
  private final Map<String, HealthTotals> published = new LinkedHashMap<>();

  MonitoringEngine(InstantSource clock) {
    this.run = new TopologyRun("simulated-monitoring", DrivenHealth.topology(), clock);
  }

  void message(KafkaTopic topic, String device, byte[] payload) {
    run.send(topic, device, payload);
  }

  void look() {
    run.look();
    run.drain(
        KafkaTopic.FLEET_HEALTH,
        HealthTotals.parser(),
        (key, totals) -> {
          if (totals != null) {
            published.put(key, totals);
          }
        });
    run.forgetChangelogs();
  }

  /** What monitoring has published, by its key. */
  Map<String, HealthTotals> published() {
    return published;
  }

  @Override
  public void close() {
    run.close();
  }
}

package dev.earshot.cli.simulate;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import dev.earshot.simulator.virtual.Backend;
import dev.earshot.simulator.virtual.VirtualRun;
import java.time.InstantSource;

/**
 * Rollout and monitoring behind the virtual gateway. They meet as they do in Kafka: assignments
 * that the one writes, the other reads. Used by one thread.
 */
final class ServicesBackend implements Backend {
  private final RolloutEngine rollouts;
  private final MonitoringEngine monitoring;

  ServicesBackend(Scenario scenario, InstantSource clock, BundledSupply supply) {
    this.rollouts =
        new RolloutEngine(
            clock,
            VirtualRun.lookEvery(scenario),
            scenario.seed(),
            supply.trust().director(),
            supply.releases());
    this.monitoring = new MonitoringEngine(clock);
  }

  RolloutEngine rollouts() {
    return rollouts;
  }

  MonitoringEngine monitoring() {
    return monitoring;
  }

  @Override
  public void message(DeviceId id, Channel channel, byte[] payload, Outputs to) {
    KafkaTopic topic =
        switch (channel) {
          case HEARTBEAT -> KafkaTopic.HEARTBEAT;
          case STATUS -> KafkaTopic.STATUS;
          case COMMAND -> throw new IllegalArgumentException("devices don't send commands");
        };
    monitoring.message(topic, id.toString(), payload);
    rollouts.message(topic, id, payload);
    drain(to);
  }

  @Override
  public void session(DeviceId id, SessionEvent event, Outputs to) {
    monitoring.message(KafkaTopic.SESSION, id.toString(), event.toByteArray());
  }

  @Override
  public void create(PlannedRollout rollout, Outputs to) {
    rollouts.create(rollout);
    drain(to);
  }

  @Override
  public void look(Outputs to) {
    rollouts.look();
    drain(to);
    monitoring.look();
  }

  @Override
  public void close() {
    rollouts.close();
    monitoring.close();
  }

  private void drain(Outputs to) {
    rollouts.drain(
        to,
        (device, assignment) ->
            monitoring.message(KafkaTopic.ASSIGNMENT, device, assignment.toByteArray()));
  }
}

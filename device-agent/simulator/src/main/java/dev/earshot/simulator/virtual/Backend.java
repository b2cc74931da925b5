package dev.earshot.simulator.virtual;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;

/**
 * The services behind the gateway, as virtual time needs them: what devices say goes in, what
 * operators and gates decide comes out, and nothing happens in between. It must read no clock but
 * the loop's, and give the same outputs in the same order for the same inputs. Used by one thread.
 */
public interface Backend extends AutoCloseable {
  /** A device's message was taken over by the gateway at this moment. */
  void message(DeviceId id, Channel channel, byte[] payload, Outputs to);

  /** A session began or ended. */
  void session(DeviceId id, SessionEvent event, Outputs to);

  /**
   * An operator starts a rollout. Its id here is the one that the scenario gives it.
   *
   * @throws IllegalArgumentException when the plan can't be used; says every field that is wrong
   */
  void create(PlannedRollout rollout, Outputs to);

  /** Lets the services look at the clock: walks, gates and offers happen here. */
  void look(Outputs to);

  @Override
  void close();

  /** Takes what the services do. */
  interface Outputs {
    /** A device is told something. */
    void command(DeviceId id, DeviceCommand command);

    /** A rollout's audit trail grew. */
    void decided(RolloutEvent event);

    /**
     * A rollout is in another state, or in another stage.
     *
     * @param state the word of the state, lower case
     * @param stage from 1; 0 before the first
     */
    void moved(String rollout, String state, int stage);
  }
}

package dev.earshot.simulator.device;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.truth.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A device's heartbeats between its agent and the gateway, over all boots: books what the gateway
 * acknowledged, what was destroyed, and repeats or reorders some.
 *
 * <p>An agent sends one heartbeat at a time and would never reorder them. Reordering is the work of
 * a relay beside the device, such as a hub in the house, that takes a heartbeat over, with an
 * acknowledgement, and hands it on after the next one, or when it is told to. It has its own power,
 * but forgets what it holds when the device loses its power twice meanwhile. Used on the device's
 * loop.
 */
final class HeartbeatPath {
  private final FleetServices fleet;
  private final FaultDice dice;
  private final List<Sent> onTheWay = new ArrayList<>(1);
  private byte @Nullable [] held;
  private boolean heldOverACut;
  private boolean handedOn;

  /** What was published for the agent and not yet acknowledged. */
  private static final class Sent {
    private final Heartbeat heartbeat;
    private boolean givenUp;

    Sent(Heartbeat heartbeat) {
      this.heartbeat = heartbeat;
    }
  }

  HeartbeatPath(FleetServices fleet, FaultDice dice) {
    this.fleet = fleet;
    this.dice = dice;
  }

  /** Publishes for the agent. */
  CompletionStage<Void> publish(Uplink.Session session, byte[] payload) {
    if (held == null && dice.reordersHeartbeat()) {
      held = payload;
      heldOverACut = false;
      handedOn = false;
      return CompletableFuture.completedFuture(null);
    }
    fleet.tally().heartbeatPublished();
    Sent sent = new Sent(parse(payload));
    onTheWay.add(sent);
    CompletionStage<Void> published =
        session
            .publish(Channel.HEARTBEAT, payload)
            .whenComplete((done, failure) -> settle(sent, failure == null));
    if (dice.duplicatesHeartbeat()) {
      fleet.tally().heartbeatPublished();
      var _ = session.publish(Channel.HEARTBEAT, payload);
    }
    handOn(session);
    return published;
  }

  /** The relay hands on what it holds, if it holds anything that is not on its way already. */
  void handOn(Uplink.Session session) {
    byte[] late = held;
    if (late == null || handedOn) {
      return;
    }
    handedOn = true;
    fleet.tally().heartbeatPublished();
    var _ =
        session
            .publish(Channel.HEARTBEAT, late)
            .whenComplete(
                (done, failure) -> {
                  if (held != late) {
                    return;
                  }
                  if (failure == null) {
                    held = null;
                    acknowledged(parse(late));
                  } else {
                    handedOn = false;
                  }
                });
  }

  /** Heartbeats that the relay holds: 0 or 1. */
  int held() {
    return held == null ? 0 : 1;
  }

  /** The agent has dropped it, as too many wait. */
  void givenUp(Heartbeat heartbeat) {
    for (Sent sent : onTheWay) {
      if (sent.heartbeat.getSequence() == heartbeat.getSequence()) {
        sent.givenUp = true; // it may still arrive
        return;
      }
    }
    destroyed(heartbeat);
  }

  /** The device lost its power, and with it what waited. */
  void powerLost(List<Heartbeat> waiting) {
    waiting.forEach(this::destroyed);
    if (held != null && heldOverACut) {
      giveUpHeld();
    }
    heldOverACut = true;
  }

  /** The device will never be heard of again. */
  void over(List<Heartbeat> waiting) {
    waiting.forEach(this::destroyed);
    giveUpHeld();
  }

  private void giveUpHeld() {
    byte[] lost = held;
    held = null;
    if (lost != null) {
      destroyed(parse(lost));
    }
  }

  private void settle(Sent sent, boolean arrived) {
    onTheWay.remove(sent);
    if (arrived) {
      acknowledged(sent.heartbeat);
    } else if (sent.givenUp) {
      destroyed(sent.heartbeat);
    }
  }

  private void acknowledged(Heartbeat heartbeat) {
    fleet.tally().heartbeatAcknowledged();
    fleet
        .ledger()
        .acknowledged(heartbeat.getRelease(), heartbeat.getEnvironment(), Counts.of(heartbeat));
  }

  private void destroyed(Heartbeat heartbeat) {
    fleet
        .ledger()
        .destroyed(heartbeat.getRelease(), heartbeat.getEnvironment(), Counts.of(heartbeat));
  }

  private static Heartbeat parse(byte[] payload) {
    try {
      return Heartbeat.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the agent's own message", e);
    }
  }
}

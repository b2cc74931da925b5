package dev.earshot.cli.simulate;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.simulator.verify.HeartbeatCount;
import dev.earshot.simulator.virtual.VirtualRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches a virtual run from outside the services: counts every heartbeat once, and computes the
 * evidence of every decision again. Used by one thread.
 */
final class Witness implements VirtualRun.Observer {
  private final RolloutEngine rollouts;
  private final HeartbeatCount heartbeats = new HeartbeatCount();
  private final Recount recount = new Recount();
  private final List<String> differences = new ArrayList<>();

  Witness(RolloutEngine rollouts) {
    this.rollouts = rollouts;
  }

  HeartbeatCount heartbeats() {
    return heartbeats;
  }

  /** Evidence that is not what arrived, in words. */
  List<String> differences() {
    return differences;
  }

  @Override
  public void message(DeviceId id, Channel channel, byte[] payload, long atMillis) {
    if (channel != Channel.HEARTBEAT) {
      return;
    }
    try {
      Heartbeat heartbeat = Heartbeat.parseFrom(payload);
      if (heartbeats.offer(id, heartbeat)) {
        recount.heard(id, heartbeat, atMillis);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the agent's own message", e);
    }
  }

  @Override
  public void decided(RolloutEvent event, long atMillis) {
    differences.addAll(recount.compare(event, rollouts));
  }

  @Override
  public void looked(long atMillis) {
    recount.looked(atMillis);
  }
}

package dev.earshot.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.agent.port.Transport;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes what the agent publishes and acknowledges it, unless told not to. */
final class TestGateway implements Transport {
  private final ManualTimers loop;
  final List<DeviceStatus> statuses = new ArrayList<>();
  final List<Heartbeat> heartbeats = new ArrayList<>();
  boolean acknowledging = true;

  /** What is published arrives, but its acknowledgement does not. */
  boolean losesAcknowledgements;

  TestGateway(ManualTimers loop) {
    this.loop = loop;
  }

  @Override
  public CompletionStage<Void> publish(Channel channel, byte[] payload) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    if (acknowledging) {
      take(channel, payload);
    }
    if (acknowledging && !losesAcknowledgements) {
      loop.soon(() -> acknowledged.complete(null));
    }
    return acknowledged;
  }

  /** Heartbeats are counted elsewhere; a long life need not keep them. */
  void forget() {
    heartbeats.clear();
  }

  private void take(Channel channel, byte[] payload) {
    try {
      switch (channel) {
        case STATUS -> statuses.add(DeviceStatus.parseFrom(payload));
        case HEARTBEAT -> heartbeats.add(Heartbeat.parseFrom(payload));
        case COMMAND -> throw new AssertionError("a device does not publish commands");
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  DeviceStatus status() {
    return statuses.getLast();
  }

  UpdateReport report() {
    return status().getUpdate();
  }

  List<String> reported() {
    return statuses.stream()
        .filter(DeviceStatus::hasUpdate)
        .map(status -> status.getUpdate().getState().name())
        .distinct()
        .toList();
  }
}

package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.earshot.gateway.message.RejectReason;
import dev.earshot.gateway.message.Rejection;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The topics that one device may publish to, and the aliases that it has given to topics in this
 * connection (version 5, section 3.3.2.3.4). Used on the connection's event loop.
 */
final class Topics {
  /** Aliases that a device may use. */
  static final int MAX_ALIAS = 8;

  /** Of a topic that is not ours, what is kept and shown, bytes; longer than any of ours. */
  private static final int MAX_KEPT = 256;

  private final DeviceId device;
  private final ByteBuf heartbeat;
  private final ByteBuf status;
  private byte @Nullable [] @Nullable [] aliases;

  Topics(DeviceId device) {
    this.device = device;
    this.heartbeat = bytes(MqttTopic.Channel.HEARTBEAT);
    this.status = bytes(MqttTopic.Channel.STATUS);
  }

  private ByteBuf bytes(MqttTopic.Channel channel) {
    return Unpooled.wrappedBuffer(new MqttTopic(device, channel).toString().getBytes(US_ASCII));
  }

  /** Learns or looks up a packet's alias; the reason code is what is wrong with it. */
  int alias(PublishPacket packet) {
    int alias = packet.alias();
    if (alias == PublishPacket.NONE) {
      return ReasonCode.SUCCESS;
    }
    if (alias > MAX_ALIAS) {
      return ReasonCode.TOPIC_ALIAS_INVALID;
    }
    if (!packet.isTopicAbsent()) {
      if (aliases == null) {
        aliases = new byte[MAX_ALIAS + 1][];
      }
      aliases[alias] = kept(packet.topic());
      return ReasonCode.SUCCESS;
    }
    return aliased(alias) == null ? ReasonCode.PROTOCOL_ERROR : ReasonCode.SUCCESS;
  }

  /** So that no device makes the gateway remember, or tell Kafka, 64 KiB for each topic. */
  private static byte[] kept(byte[] topic) {
    return topic.length > MAX_KEPT ? Arrays.copyOf(topic, MAX_KEPT) : topic;
  }

  private byte @Nullable [] aliased(int alias) {
    return aliases == null ? null : aliases[alias];
  }

  /** Where the message goes; null when devices don't publish there, or not this one. */
  MqttTopic.@Nullable Channel channel(PublishPacket packet) {
    if (packet.isTopicAbsent()) {
      byte[] name = aliased(packet.alias());
      return isNamed(heartbeat, name)
          ? MqttTopic.Channel.HEARTBEAT
          : isNamed(status, name) ? MqttTopic.Channel.STATUS : null;
    }
    return packet.isTopic(heartbeat)
        ? MqttTopic.Channel.HEARTBEAT
        : packet.isTopic(status) ? MqttTopic.Channel.STATUS : null;
  }

  private static boolean isNamed(ByteBuf topic, byte @Nullable [] name) {
    return Arrays.equals(topic.array(), name);
  }

  /** The topic's name, for people; a long one is cut off. */
  String name(PublishPacket packet) {
    byte[] name = packet.isTopicAbsent() ? aliased(packet.alias()) : kept(packet.topic());
    return name == null ? "" : new String(name, UTF_8);
  }

  /** Why nothing may be published there. */
  Rejection notOurs(String topic) {
    Optional<MqttTopic> known =
        MqttTopic.parse(topic)
            .filter(parsed -> parsed.channel() != MqttTopic.Channel.COMMAND)
            .filter(parsed -> !parsed.deviceId().equals(device));
    return known.isPresent()
        ? new Rejection(
            RejectReason.FOREIGN_TOPIC,
            "topic of " + known.get().deviceId() + ", sent by " + device)
        : new Rejection(RejectReason.UNKNOWN_TOPIC, "devices do not publish to '" + topic + "'");
  }
}

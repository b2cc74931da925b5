package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.metrics.RefusalReason;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What one connection is told, in the words of its version of MQTT. Used on its event loop. The
 * acknowledgement of a stored message is not here: {@link Session} writes it itself.
 */
final class Answers {
  /** Packet id of a command that is not acknowledged (QoS 0). */
  static final int UNACKNOWLEDGED = 0;

  private static final int SUBSCRIPTION_FAILED = 0x80;
  private static final long NO_REASONS = 0;

  // Fixed header 5, packet id 2, code and flags 2, length of the properties 4, id and length 3.
  private static final int AROUND_A_REASON = 16;
  private static final int MAX_SENTENCE = 250;
  private static final Pattern NOT_TEXT = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Cn}]");
  private static final MqttMessage PONG =
      new MqttMessage(
          new MqttFixedHeader(MqttMessageType.PINGRESP, false, MqttQoS.AT_MOST_ONCE, false, 0));

  private final ChannelHandlerContext ctx;
  private final boolean v5;
  private final long maxReasonBytes;

  private Answers(ChannelHandlerContext ctx, boolean v5, long maxReasonBytes) {
    this.ctx = ctx;
    this.v5 = v5;
    this.maxReasonBytes = maxReasonBytes;
  }

  /** In the words of 3.1.1. */
  static Answers forVersion311(ChannelHandlerContext ctx) {
    return new Answers(ctx, /* v5= */ false, NO_REASONS);
  }

  /** In version 5, with a sentence beside the code when the device wants that, and has room. */
  static Answers forVersion5(ChannelHandlerContext ctx, MqttProperties connect) {
    boolean wanted =
        Accepted.integer(connect, MqttPropertyType.REQUEST_PROBLEM_INFORMATION, 1) != 0;
    return new Answers(
        ctx,
        /* v5= */ true,
        wanted ? Accepted.maxPacketBytes(connect) - AROUND_A_REASON : NO_REASONS);
  }

  boolean isVersion5() {
    return v5;
  }

  /** CONNACK that lets in. No session outlives its connection here: never "session present". */
  void accepted(MqttProperties properties) {
    ctx.writeAndFlush(
        MqttMessageBuilders.connAck()
            .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
            .sessionPresent(false)
            .properties(v5 ? properties : MqttProperties.NO_PROPERTIES)
            .build());
  }

  /** CONNACK that doesn't. */
  ChannelFuture refused(MqttConnectReturnCode code, String detail) {
    return ctx.writeAndFlush(
        MqttMessageBuilders.connAck()
            .returnCode(code)
            .sessionPresent(false)
            .properties(reason(detail))
            .build());
  }

  ChannelFuture refused(RefusalReason reason, String detail) {
    return refused(ReasonCode.of(reason, v5), detail);
  }

  /** PUBACK with the reason why the message went no further; version 5 only. */
  void rejected(int packetId, int reasonCode, String detail) {
    ctx.write(
        MqttMessageBuilders.pubAck()
            .packetId(packetId)
            .reasonCode((byte) reasonCode)
            .properties(reason(detail))
            .build());
  }

  /**
   * SUBACK.
   *
   * @param codes the granted QoS, or version 5's reason why not, of each filter
   */
  void subscribed(int packetId, List<Integer> codes) {
    int[] granted = codes.stream().mapToInt(code -> v5 ? code : in311(code)).toArray();
    ctx.writeAndFlush(
        new MqttSubAckMessage(
            header(MqttMessageType.SUBACK, 2 + granted.length),
            new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES),
            new MqttSubAckPayload(granted)));
  }

  private static int in311(int code) {
    return code < SUBSCRIPTION_FAILED ? code : SUBSCRIPTION_FAILED;
  }

  /**
   * UNSUBACK.
   *
   * @param codes of each filter; version 3.1.1 has no room for them
   */
  void unsubscribed(int packetId, List<Short> codes) {
    ctx.writeAndFlush(
        new MqttUnsubAckMessage(
            header(MqttMessageType.UNSUBACK, 2),
            new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES),
            // In 3.1.1 it has no payload, and the library's encoder would write one.
            v5 ? new MqttUnsubAckPayload(codes) : new MqttUnsubAckPayload()));
  }

  private static MqttFixedHeader header(MqttMessageType type, int length) {
    return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, length);
  }

  void pong() {
    ctx.writeAndFlush(PONG);
  }

  /**
   * PUBLISH of a command.
   *
   * @param packetId 1 to 65,535; {@link #UNACKNOWLEDGED}: QoS 0, else QoS 1
   * @param expirySeconds after which it need not be delivered any more; 0: never
   */
  void command(String topic, byte[] command, int packetId, int expirySeconds) {
    MqttProperties properties = new MqttProperties();
    if (expirySeconds > 0) {
      properties.add(
          new IntegerProperty(MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL.value(), expirySeconds));
    }
    ctx.writeAndFlush(
        MqttMessageBuilders.publish()
            .topicName(topic)
            .qos(packetId == UNACKNOWLEDGED ? MqttQoS.AT_MOST_ONCE : MqttQoS.AT_LEAST_ONCE)
            .messageId(packetId)
            .properties(v5 ? properties : MqttProperties.NO_PROPERTIES)
            .payload(Unpooled.wrappedBuffer(command))
            .build());
  }

  /** DISCONNECT; in version 3.1.1 a server has no such packet, and just closes. */
  void disconnect(int reasonCode, String detail) {
    if (v5 && reasonCode != ReasonCode.SUCCESS) {
      ctx.write(
          MqttMessageBuilders.disconnect()
              .reasonCode((byte) reasonCode)
              .properties(reason(detail))
              .build());
    }
  }

  private MqttProperties reason(String detail) {
    String sentence = sentence(detail);
    if (!v5 || sentence.isEmpty() || ByteBufUtil.utf8Bytes(sentence) > maxReasonBytes) {
      return MqttProperties.NO_PROPERTIES;
    }
    MqttProperties properties = new MqttProperties();
    properties.add(new StringProperty(MqttPropertyType.REASON_STRING.value(), sentence));
    return properties;
  }

  /** What a text of MQTT may hold (section 1.5.4): the detail may repeat what the device sent. */
  private static String sentence(String detail) {
    String cut = detail.length() > MAX_SENTENCE ? detail.substring(0, MAX_SENTENCE) : detail;
    return NOT_TEXT.matcher(cut).replaceAll("?");
  }
}

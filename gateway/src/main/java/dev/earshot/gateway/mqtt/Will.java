package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.message.PayloadCheck;
import dev.earshot.gateway.message.Rejection;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.MqttTopic;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a device asks to have published for it when its session ends without a word. It may be what
 * the device may publish itself, and nothing else. A will's delay (version 5) is none: the session
 * ends with the connection here.
 */
record Will(KafkaTopic topic, byte[] payload) {
  /** The will of a CONNECT, or why it is refused, or neither when there is none. */
  record Asked(@Nullable Will will, @Nullable MqttConnectReturnCode refusal, String detail) {
    private static final Asked NONE = new Asked(null, null, "");

    private static Asked refused(MqttConnectReturnCode code, String detail) {
      return new Asked(null, code, detail);
    }
  }

  static Asked of(MqttConnectMessage connect, DeviceId device, boolean v5, int maxPayloadBytes) {
    if (!connect.variableHeader().isWillFlag()) {
      return Asked.NONE;
    }
    byte[] payload = connect.payload().willMessageInBytes();
    String topic = connect.payload().willTopic();
    MqttConnectReturnCode no = MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
    if (connect.variableHeader().willQos() > MqttQoS.AT_LEAST_ONCE.value()) {
      return Asked.refused(
          v5 ? MqttConnectReturnCode.CONNECTION_REFUSED_QOS_NOT_SUPPORTED : no,
          "will of QoS 2 (expected: 0 or 1)");
    }
    if (connect.variableHeader().isWillRetain()) {
      return Asked.refused(
          v5 ? MqttConnectReturnCode.CONNECTION_REFUSED_RETAIN_NOT_SUPPORTED : no,
          "a retained will (expected: not retained)");
    }
    boolean heartbeat = named(device, MqttTopic.Channel.HEARTBEAT, topic);
    if (!heartbeat && !named(device, MqttTopic.Channel.STATUS, topic)) {
      return Asked.refused(
          v5 ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5 : no,
          "will for '" + topic + "' (expected: the device's own status or heartbeat)");
    }
    Optional<Rejection> rejection =
        payload.length > maxPayloadBytes
            ? Optional.of(Rejection.tooLarge(payload.length, maxPayloadBytes))
            : heartbeat ? PayloadCheck.heartbeat(payload) : PayloadCheck.status(payload);
    return rejection
        .map(
            why ->
                Asked.refused(
                    v5 ? MqttConnectReturnCode.CONNECTION_REFUSED_PAYLOAD_FORMAT_INVALID : no,
                    "will: " + why.detail()))
        .orElseGet(
            () ->
                new Asked(
                    new Will(heartbeat ? KafkaTopic.HEARTBEAT : KafkaTopic.STATUS, payload),
                    null,
                    ""));
  }

  private static boolean named(DeviceId device, MqttTopic.Channel channel, @Nullable String topic) {
    return new MqttTopic(device, channel).toString().equals(topic);
  }
}

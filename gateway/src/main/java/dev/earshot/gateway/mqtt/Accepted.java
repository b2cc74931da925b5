package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.limits.LimitSettings;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a CONNECT asked for and got.
 *
 * @param answers in the connection's version
 * @param keepAliveSeconds between two packets of the device at most; 0: not looked at
 * @param ownReceiveMaximum messages that the device may have unacknowledged
 * @param receiveMaximum commands that the device takes at once, 1 to 65,535
 * @param maxPacketBytes largest packet that the device takes
 * @param will null when there is none
 * @param properties of the CONNACK, in version 5
 */
record Accepted(
    Answers answers,
    int keepAliveSeconds,
    int ownReceiveMaximum,
    int receiveMaximum,
    long maxPacketBytes,
    @Nullable Will will,
    MqttProperties properties) {
  private static final int NO_LIMIT = 65_535;

  static Accepted of(
      MqttConnectMessage connect,
      Answers answers,
      String assignedClientId,
      @Nullable Will will,
      LimitSettings limits) {
    int maxKeepAliveSeconds = limits.maxKeepAliveSeconds();
    MqttProperties asked = connect.variableHeader().properties();
    int keepAlive = connect.variableHeader().keepAliveTimeSeconds();
    boolean shortened = answers.isVersion5() && (keepAlive == 0 || keepAlive > maxKeepAliveSeconds);
    MqttProperties told = new MqttProperties();
    if (integer(asked, MqttPropertyType.SESSION_EXPIRY_INTERVAL, 0) != 0) {
      // The session ends with its connection.
      add(told, MqttPropertyType.SESSION_EXPIRY_INTERVAL, 0);
    }
    add(told, MqttPropertyType.RECEIVE_MAXIMUM, limits.maxInFlightPerDevice());
    add(told, MqttPropertyType.MAXIMUM_QOS, PublishPacket.AT_LEAST_ONCE);
    add(told, MqttPropertyType.RETAIN_AVAILABLE, 0);
    add(told, MqttPropertyType.MAXIMUM_PACKET_SIZE, Connection.MAX_PACKET_BYTES);
    add(told, MqttPropertyType.TOPIC_ALIAS_MAXIMUM, Topics.MAX_ALIAS);
    add(told, MqttPropertyType.WILDCARD_SUBSCRIPTION_AVAILABLE, 0);
    add(told, MqttPropertyType.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
    add(told, MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE, 0);
    if (shortened) {
      add(told, MqttPropertyType.SERVER_KEEP_ALIVE, maxKeepAliveSeconds);
    }
    if (!assignedClientId.isEmpty()) {
      told.add(
          new StringProperty(
              MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER.value(), assignedClientId));
    }
    return new Accepted(
        answers,
        shortened ? maxKeepAliveSeconds : keepAlive,
        limits.maxInFlightPerDevice(),
        integer(asked, MqttPropertyType.RECEIVE_MAXIMUM, NO_LIMIT),
        Integer.toUnsignedLong(integer(asked, MqttPropertyType.MAXIMUM_PACKET_SIZE, -1)),
        will,
        told);
  }

  private static void add(MqttProperties properties, MqttPropertyType type, int value) {
    properties.add(new IntegerProperty(type.value(), value));
  }

  static int integer(MqttProperties properties, MqttPropertyType type, int otherwise) {
    return properties.getProperty(type.value()) instanceof IntegerProperty property
        ? property.value()
        : otherwise;
  }

  /** Whether a DISCONNECT takes the will back: any in 3.1.1, "normal disconnection" in 5. */
  static boolean isPlainDisconnect(MqttMessage disconnect) {
    return !(disconnect.variableHeader()
            instanceof MqttReasonCodeAndPropertiesVariableHeader header)
        || header.reasonCode() == ReasonCode.SUCCESS;
  }
}

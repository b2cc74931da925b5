package dev.earshot.gateway.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import java.util.Optional;
import java.util.Set;

/**
 * What the standards forbid in a CONNECT and the library's decoder lets through (3.1.1, section
 * 3.1.2, and version 5, sections 3.1.2 and 3.1.3).
 */
final class ConnectFaults {
  private static final int HIGHEST_QOS = 2;
  private static final Set<Integer> PROPERTIES =
      Set.of(
          MqttPropertyType.SESSION_EXPIRY_INTERVAL.value(),
          MqttPropertyType.RECEIVE_MAXIMUM.value(),
          MqttPropertyType.MAXIMUM_PACKET_SIZE.value(),
          MqttPropertyType.TOPIC_ALIAS_MAXIMUM.value(),
          MqttPropertyType.REQUEST_RESPONSE_INFORMATION.value(),
          MqttPropertyType.REQUEST_PROBLEM_INFORMATION.value(),
          MqttPropertyType.USER_PROPERTY.value(),
          MqttPropertyType.AUTHENTICATION_METHOD.value(),
          MqttPropertyType.AUTHENTICATION_DATA.value());

  private ConnectFaults() {}

  /** The first fault; empty when there is none. */
  static Optional<String> of(MqttConnectMessage connect, boolean v5) {
    MqttConnectVariableHeader header = connect.variableHeader();
    if (!header.isWillFlag() && (header.willQos() != 0 || header.isWillRetain())) {
      return Optional.of("flags of a will, and no will");
    }
    if (header.willQos() > HIGHEST_QOS) {
      return Optional.of("will QoS: " + header.willQos() + " (expected: 0 to 2)");
    }
    if (!v5) {
      return header.hasPassword() && !header.hasUserName()
          ? Optional.of("a password without a user name")
          : Optional.empty();
    }
    return properties(header.properties());
  }

  private static Optional<String> properties(MqttProperties properties) {
    for (MqttProperty<?> property : properties.listAll()) {
      if (!PROPERTIES.contains(property.propertyId())) {
        return Optional.of("property " + property.propertyId() + ", which CONNECT does not have");
      }
    }
    if (Accepted.integer(properties, MqttPropertyType.RECEIVE_MAXIMUM, 1) == 0) {
      return Optional.of("Receive Maximum: 0 (expected: at least 1)");
    }
    if (Accepted.integer(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE, 1) == 0) {
      return Optional.of("Maximum Packet Size: 0 (expected: at least 1)");
    }
    for (MqttPropertyType flag :
        Set.of(
            MqttPropertyType.REQUEST_RESPONSE_INFORMATION,
            MqttPropertyType.REQUEST_PROBLEM_INFORMATION)) {
      int value = Accepted.integer(properties, flag, 0);
      if (value != 0 && value != 1) {
        return Optional.of(flag + ": " + value + " (expected: 0 or 1)");
      }
    }
    return Optional.empty();
  }
}

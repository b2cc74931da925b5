package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.message.RejectReason;
import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.RefusalReason;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;

/**
 * What the gateway says in version 5 (section 2.4 of the standard), and in version 3.1.1 where that
 * has a word for it.
 */
final class ReasonCode {
  static final int SUCCESS = 0x00;
  static final int NO_SUBSCRIPTION_EXISTED = 0x11;
  static final int MALFORMED_PACKET = 0x81;
  static final int PROTOCOL_ERROR = 0x82;
  static final int NOT_AUTHORIZED = 0x87;
  static final int SERVER_BUSY = 0x89;
  static final int SERVER_SHUTTING_DOWN = 0x8b;
  static final int KEEP_ALIVE_TIMEOUT = 0x8d;
  static final int SESSION_TAKEN_OVER = 0x8e;
  static final int TOPIC_NAME_INVALID = 0x90;
  static final int RECEIVE_MAXIMUM_EXCEEDED = 0x93;
  static final int TOPIC_ALIAS_INVALID = 0x94;
  static final int PACKET_TOO_LARGE = 0x95;
  static final int QUOTA_EXCEEDED = 0x97;
  static final int PAYLOAD_FORMAT_INVALID = 0x99;
  static final int RETAIN_NOT_SUPPORTED = 0x9a;
  static final int QOS_NOT_SUPPORTED = 0x9b;
  static final int SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9e;
  static final int SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xa1;
  static final int WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xa2;

  private ReasonCode() {}

  /** Why a message is not forwarded. */
  static int of(RejectReason reason) {
    return switch (reason) {
      case UNDECODABLE, OUT_OF_BOUNDS -> PAYLOAD_FORMAT_INVALID;
      case TOO_LARGE -> QUOTA_EXCEEDED;
      case PACKET_TOO_LARGE -> PACKET_TOO_LARGE;
      case FOREIGN_TOPIC, SUBSCRIPTION -> NOT_AUTHORIZED;
      case UNKNOWN_TOPIC -> TOPIC_NAME_INVALID;
      case QOS_NOT_SUPPORTED -> QOS_NOT_SUPPORTED;
      case RETAIN_NOT_SUPPORTED -> RETAIN_NOT_SUPPORTED;
    };
  }

  /** Why the gateway ends a session; {@link #SUCCESS} when there is nobody to tell. */
  static int of(EndReason reason) {
    return switch (reason) {
      case CLIENT_DISCONNECTED, CONNECTION_LOST -> SUCCESS;
      case TAKEN_OVER, TAKEN_OVER_ELSEWHERE -> SESSION_TAKEN_OVER;
      case NOT_ALLOWED, NO_LONGER_BELIEVED -> NOT_AUTHORIZED;
      case MALFORMED_PACKET -> MALFORMED_PACKET;
      case PROTOCOL_ERROR -> PROTOCOL_ERROR;
      case RECEIVE_MAXIMUM_EXCEEDED -> RECEIVE_MAXIMUM_EXCEEDED;
      case KEEP_ALIVE_TIMEOUT -> KEEP_ALIVE_TIMEOUT;
      case KAFKA_UNAVAILABLE -> SERVER_BUSY;
      case GATEWAY_CLOSING -> SERVER_SHUTTING_DOWN;
    };
  }

  /** Why a connection does not become a session; the library knows the 3.1.1 form of each. */
  static MqttConnectReturnCode of(RefusalReason reason, boolean v5) {
    if (!v5) {
      return switch (reason) {
        case CREDENTIALS, WILL, PROTOCOL_ERROR ->
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
        case PROTOCOL_VERSION ->
            MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION;
        case CLIENT_ID -> MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
        case GATEWAY_CLOSING,
            KAFKA_UNAVAILABLE,
            CONNECTION_LIMIT,
            GATEWAY_RATE,
            DEVICE_RATE,
            FLEET_CONNECTIONS,
            FLEET_RATE,
            CONNECT_TIMEOUT ->
            MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
      };
    }
    return switch (reason) {
      case CREDENTIALS, WILL -> MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5;
      case PROTOCOL_VERSION ->
          MqttConnectReturnCode.CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION;
      case PROTOCOL_ERROR -> MqttConnectReturnCode.CONNECTION_REFUSED_PROTOCOL_ERROR;
      case CLIENT_ID -> MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID;
      case GATEWAY_CLOSING, KAFKA_UNAVAILABLE ->
          MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5;
      case GATEWAY_RATE, CONNECT_TIMEOUT -> MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_BUSY;
      case DEVICE_RATE, FLEET_RATE ->
          MqttConnectReturnCode.CONNECTION_REFUSED_CONNECTION_RATE_EXCEEDED;
      case CONNECTION_LIMIT, FLEET_CONNECTIONS ->
          MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED;
    };
  }
}

package dev.earshot.gateway.metrics;

/** Why a connection did not become a session. */
public enum RefusalReason {
  CREDENTIALS("credentials"),
  /** Only MQTT 3.1.1 and 5 are spoken. */
  PROTOCOL_VERSION("protocol_version"),
  /** No client id, where the standard wants one. */
  CLIENT_ID("client_id"),
  /** The device may not publish what it asks to have published. */
  WILL("will"),
  GATEWAY_CLOSING("gateway_closing"),
  /** As many sockets are open as the gateway may have. */
  CONNECTION_LIMIT("connection_limit"),
  /** So many CONNECTs wait already that this one would wait too long. */
  GATEWAY_RATE("gateway_rate"),
  /** The device connects too often. */
  DEVICE_RATE("device_rate"),
  /** The device's fleet has as many sessions here as it may. */
  FLEET_CONNECTIONS("fleet_connections"),
  /** The device's fleet connects too often. */
  FLEET_RATE("fleet_rate"),
  /** Kafka is away: nothing that a device sends could be acknowledged. */
  KAFKA_UNAVAILABLE("kafka_unavailable"),
  /** What came is not MQTT, or not what MQTT allows. */
  PROTOCOL_ERROR("protocol_error"),
  /** The CONNECT was not whole in time. */
  CONNECT_TIMEOUT("connect_timeout");

  private final String label;

  RefusalReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}

package dev.earshot.gateway.message;

/** Why a message was not forwarded; its label is on the dead letter and on the metric. */
public enum RejectReason {
  /** The payload is no message of its topic. */
  UNDECODABLE("undecodable", false),
  /** It decodes, but a field is outside what the protocol allows. */
  OUT_OF_BOUNDS("out_of_bounds", false),
  /** The payload is larger than this gateway forwards. */
  TOO_LARGE("too_large", false),
  /** The packet is so large that it was not even read: the dead letter has no payload. */
  PACKET_TOO_LARGE("packet_too_large", true),
  /** The topic is one that devices publish, but another device's. */
  FOREIGN_TOPIC("foreign_topic", false),
  /** Devices don't publish to that topic. */
  UNKNOWN_TOPIC("unknown_topic", false),
  /** Exactly-once delivery is not offered. */
  QOS_NOT_SUPPORTED("qos_not_supported", true),
  /** Nothing is retained; said in version 5 only. */
  RETAIN_NOT_SUPPORTED("retain_not_supported", true),
  /** Not a message: a subscription to anything but the device's own commands. */
  SUBSCRIPTION("subscription", false);

  private final String label;
  private final boolean endsConnection;

  RejectReason(String label, boolean endsConnection) {
    this.label = label;
    this.endsConnection = endsConnection;
  }

  public String label() {
    return label;
  }

  /**
   * Whether the device is disconnected for it even where it could be told: in version 5, and for a
   * message that is acknowledged. Otherwise it always is, after the acknowledgement: MQTT 3.1.1 has
   * no way to say no, and sending it again could not help.
   */
  public boolean endsConnection() {
    return endsConnection;
  }
}

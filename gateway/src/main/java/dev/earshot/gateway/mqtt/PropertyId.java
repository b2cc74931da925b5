package dev.earshot.gateway.mqtt;

/** The properties that a PUBLISH may have (MQTT 5, section 2.2.2.2). */
final class PropertyId {
  static final int PAYLOAD_FORMAT_INDICATOR = 0x01;
  static final int MESSAGE_EXPIRY_INTERVAL = 0x02;
  static final int CONTENT_TYPE = 0x03;
  static final int RESPONSE_TOPIC = 0x08;
  static final int CORRELATION_DATA = 0x09;
  static final int SUBSCRIPTION_IDENTIFIER = 0x0b;
  static final int TOPIC_ALIAS = 0x23;
  static final int USER_PROPERTY = 0x26;

  private PropertyId() {}
}

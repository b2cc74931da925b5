package dev.earshot.gateway.wire;

/** The packets that a client sends once it is connected. */
final class Packets {
  static final byte[] PINGREQ = Bytes.hex("c0 00");

  /** With reason code 0x00 in MQTT 5. */
  static final byte[] DISCONNECT = Bytes.hex("e0 00");

  /** Flags of a PUBLISH: QoS in bits 1 and 2. */
  static final int QOS_0 = 0x00;

  static final int QOS_1 = 0x02;
  static final int QOS_2 = 0x04;
  static final int RETAIN = 0x01;
  static final int DUP = 0x08;

  private Packets() {}

  /** QoS 1, no properties. */
  static byte[] publish(Version version, String topic, int packetId, byte[] payload) {
    return publish(version, QOS_1, topic, packetId, new Bytes(), payload);
  }

  /**
   * Any PUBLISH.
   *
   * @param packetId left out with QoS 0
   * @param properties MQTT 5 only
   */
  static byte[] publish(
      Version version, int flags, String topic, int packetId, Bytes properties, byte[] payload) {
    Bytes body = new Bytes().text(topic); // topic name
    if ((flags & (QOS_1 | QOS_2)) != 0) {
      body.u16(packetId); // packet identifier
    }
    return properties(version, body, properties)
        .raw(payload) // payload: all that is left
        .asPacket(0x30 | flags); // PUBLISH; 08 dup, 06 QoS, 01 retain
  }

  static byte[] puback(int packetId) {
    return new Bytes()
        .u16(packetId) // packet identifier
        .asPacket(0x40); // PUBACK; MQTT 5 without a reason code: success
  }

  static byte[] subscribe(Version version, int packetId, String filter) {
    return subscribe(version, packetId, new Bytes(), new Bytes().text(filter).u8(1));
  }

  /**
   * Any SUBSCRIBE.
   *
   * @param filters each a text and a byte of options: 03 QoS; MQTT 5: 04 no local, 08 retain as
   *     published, 30 retain handling
   */
  static byte[] subscribe(Version version, int packetId, Bytes properties, Bytes filters) {
    return properties(version, new Bytes().u16(packetId), properties)
        .raw(filters.done())
        .asPacket(0x82); // SUBSCRIBE; 02 is reserved and must be set
  }

  static byte[] unsubscribe(Version version, int packetId, String... filters) {
    Bytes body = properties(version, new Bytes().u16(packetId), new Bytes());
    for (String filter : filters) {
      body.text(filter); // topic filter
    }
    return body.asPacket(0xA2); // UNSUBSCRIBE; 02 is reserved and must be set
  }

  /** MQTT 5 only. */
  static byte[] disconnect(int reason) {
    return new Bytes()
        .u8(reason) // reason code
        .asPacket(0xE0); // DISCONNECT
  }

  private static Bytes properties(Version version, Bytes body, Bytes properties) {
    if (version == Version.V5) {
      byte[] inner = properties.done();
      body.varint(inner.length).raw(inner); // property length, properties
    }
    return body;
  }
}

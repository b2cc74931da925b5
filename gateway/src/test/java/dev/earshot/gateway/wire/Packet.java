package dev.earshot.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A packet that came from the gateway.
 *
 * @param first type and flags
 * @param body what follows the remaining length
 */
record Packet(int first, byte[] body) {
  /** The whole packet as text such as {@code "40 02 00 01"}. */
  String hex() {
    return Bytes.hex(new Bytes().raw(body).asPacket(first));
  }

  /** PUBACK, SUBACK and UNSUBACK begin with it. */
  int packetId() {
    return (body[0] & 0xFF) << 8 | body[1] & 0xFF;
  }

  /** A CONNACK of MQTT 5. Property ids are the specification's (2.2.2.2). */
  record ConnAck(int flags, int reason, Map<Integer, Object> properties) {}

  ConnAck connAck() {
    require(0x20, "CONNACK");
    ByteBuffer in = ByteBuffer.wrap(body);
    ConnAck ack = new ConnAck(in.get() & 0xFF, in.get() & 0xFF, properties(in));
    return whole(in, ack);
  }

  /** A PUBACK of MQTT 5; without a reason code it means success. */
  record PubAck(int packetId, int reason) {}

  PubAck pubAck() {
    require(0x40, "PUBACK");
    ByteBuffer in = ByteBuffer.wrap(body);
    int packetId = in.getShort() & 0xFFFF;
    return whole(in, new PubAck(packetId, reasonAndProperties(in)));
  }

  /** A DISCONNECT of MQTT 5: its reason code. */
  int disconnectReason() {
    require(0xE0, "DISCONNECT");
    ByteBuffer in = ByteBuffer.wrap(body);
    return whole(in, reasonAndProperties(in));
  }

  /** A SUBACK or UNSUBACK of MQTT 5. */
  record Codes(int packetId, String codes) {}

  Codes subAck() {
    require(0x90, "SUBACK");
    return codes();
  }

  Codes unsubAck() {
    require(0xB0, "UNSUBACK");
    return codes();
  }

  private Codes codes() {
    ByteBuffer in = ByteBuffer.wrap(body);
    int packetId = in.getShort() & 0xFFFF;
    properties(in);
    byte[] codes = new byte[in.remaining()];
    in.get(codes);
    return new Codes(packetId, Bytes.hex(codes));
  }

  /** A PUBLISH with QoS 1, or with QoS 0 and then packet id 0. */
  record Publish(
      int flags, String topic, int packetId, Map<Integer, Object> properties, byte[] payload) {}

  Publish publish(Version version) {
    if (first >> 4 != 3) {
      throw new AssertionError("a PUBLISH was expected, but " + hex() + " came");
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    String topic = text(in);
    int packetId = (first & 0x06) == 0 ? 0 : in.getShort() & 0xFFFF;
    Map<Integer, Object> properties = version == Version.V5 ? properties(in) : Map.of();
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new Publish(first & 0x0F, topic, packetId, properties, payload);
  }

  private void require(int expected, String name) {
    if (first != expected) {
      throw new AssertionError("a " + name + " was expected, but " + hex() + " came");
    }
  }

  private <T> T whole(ByteBuffer in, T parsed) {
    if (in.hasRemaining()) {
      throw new AssertionError(in.remaining() + " bytes too many in " + hex());
    }
    return parsed;
  }

  private static int reasonAndProperties(ByteBuffer in) {
    int reason = in.hasRemaining() ? in.get() & 0xFF : 0;
    if (in.hasRemaining()) {
      properties(in);
    }
    return reason;
  }

  private static Map<Integer, Object> properties(ByteBuffer in) {
    int length = varint(in);
    ByteBuffer inner = in.slice(in.position(), length);
    in.position(in.position() + length);
    Map<Integer, Object> properties = new TreeMap<>();
    while (inner.hasRemaining()) {
      int id = varint(inner);
      Object before = properties.put(id, value(id, inner));
      if (before != null && id != 0x26) {
        throw new AssertionError("property " + Integer.toHexString(id) + " comes twice");
      }
    }
    return properties;
  }

  /** By the table in MQTT 5.0, section 2.2.2.2. */
  private static Object value(int id, ByteBuffer in) {
    return switch (id) {
      case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> in.get() & 0xFF;
      case 0x13, 0x21, 0x22, 0x23 -> in.getShort() & 0xFFFF;
      case 0x02, 0x11, 0x18, 0x27 -> in.getInt() & 0xFFFF_FFFFL;
      case 0x0B -> varint(in);
      case 0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F -> text(in);
      case 0x09, 0x16 -> Bytes.hex(binary(in));
      case 0x26 -> text(in) + "=" + text(in);
      default -> throw new AssertionError("no such property: " + Integer.toHexString(id));
    };
  }

  /** Well-formed, and without U+0000: section 1.5.4. */
  private static String text(ByteBuffer in) {
    byte[] bytes = binary(in);
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf(0) < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      throw new AssertionError("no UTF-8: " + Bytes.hex(bytes), e);
    }
    throw new AssertionError("U+0000 in a text: " + Bytes.hex(bytes));
  }

  private static byte[] binary(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xFFFF];
    in.get(bytes);
    return bytes;
  }

  private static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int next = in.get();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new AssertionError("a variable byte integer of more than four bytes");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Packet packet
        && packet.first == first
        && Arrays.equals(packet.body, body);
  }

  @Override
  public int hashCode() {
    return 31 * first + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return hex();
  }
}

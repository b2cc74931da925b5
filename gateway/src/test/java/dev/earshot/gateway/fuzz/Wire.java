package dev.earshot.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Puts MQTT packets together, byte by byte, right or wrong. */
final class Wire {
  static final int CONNECT = 0x10;
  static final int CONNACK = 0x20;
  static final int PUBLISH = 0x30;
  static final int PUBACK = 0x40;
  static final int PUBREC = 0x50;
  static final int PUBREL = 0x62;
  static final int PUBCOMP = 0x70;
  static final int SUBSCRIBE = 0x82;
  static final int SUBACK = 0x90;
  static final int UNSUBSCRIBE = 0xA2;
  static final int UNSUBACK = 0xB0;
  static final int PINGREQ = 0xC0;
  static final int PINGRESP = 0xD0;
  static final int DISCONNECT = 0xE0;
  static final int AUTH = 0xF0;

  /** The largest remaining length that four bytes can say: 256 MiB - 1. */
  static final int MAX_REMAINING = 268_435_455;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Wire u8(int value) {
    out.write(value);
    return this;
  }

  Wire u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  Wire u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  Wire raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Two bytes of length, and the bytes. */
  Wire binary(byte[] bytes) {
    return u16(bytes.length).raw(bytes);
  }

  Wire text(String text) {
    return binary(text.getBytes(UTF_8));
  }

  /** A variable byte integer, as short as can be. */
  Wire variable(int value) {
    int rest = value;
    do {
      int digit = rest & 0x7F;
      rest >>>= 7;
      u8(rest > 0 ? digit | 0x80 : digit);
    } while (rest > 0);
    return this;
  }

  /** A length and what it counts: the properties of MQTT 5. */
  Wire counted(byte[] bytes) {
    return variable(bytes.length).raw(bytes);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static Wire wire() {
    return new Wire();
  }

  /** A whole packet: first byte, remaining length, body. */
  static byte[] packet(int firstByte, byte[] body) {
    return wire().u8(firstByte).counted(body).bytes();
  }

  /** A packet that says it has that many bytes, whatever follows. */
  static byte[] claiming(int firstByte, int remaining, byte[] body) {
    return wire().u8(firstByte).variable(remaining).raw(body).bytes();
  }

  /** A CONNECT that the gateway takes. */
  static byte[] connect(int version, String device, int keepAliveSeconds) {
    Wire body =
        wire().text("MQTT").u8(version).u8(0x82).u16(keepAliveSeconds); // clean, with user name
    if (version == 5) {
      body.counted(new byte[0]);
    }
    return packet(CONNECT, body.text(device.replace('/', '-')).text(device).bytes());
  }

  /** A PUBLISH of QoS 1. */
  static byte[] publish(int version, String topic, int packetId, byte[] payload) {
    Wire body = wire().text(topic).u16(packetId);
    if (version == 5) {
      body.counted(new byte[0]);
    }
    return packet(PUBLISH | 2, body.raw(payload).bytes());
  }

  static String topic(String device, String channel) {
    return "earshot/v1/" + device + "/" + channel;
  }

  static byte[] joined(List<byte[]> parts) {
    Wire all = wire();
    parts.forEach(all::raw);
    return all.bytes();
  }
}

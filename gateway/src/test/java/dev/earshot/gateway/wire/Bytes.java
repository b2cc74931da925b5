package dev.earshot.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/** Writes MQTT's data types: MQTT 3.1.1, section 1.5, and MQTT 5.0, section 1.5. */
final class Bytes {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** One byte. */
  Bytes u8(int value) {
    out.write(value);
    return this;
  }

  /** Two Byte Integer. */
  Bytes u16(int value) {
    return u8(value >> 8).u8(value);
  }

  /** Four Byte Integer. */
  Bytes u32(long value) {
    return u16((int) (value >> 16)).u16((int) value);
  }

  /** Variable Byte Integer: seven bits a byte, the lowest first; the top bit means "more". */
  Bytes varint(int value) {
    int left = value;
    while (left > 0x7F) {
      u8(left & 0x7F | 0x80);
      left >>>= 7;
    }
    return u8(left);
  }

  /** UTF-8 Encoded String: two bytes of length, then the characters. */
  Bytes text(String value) {
    return binary(value.getBytes(UTF_8));
  }

  /** Binary Data: two bytes of length, then the bytes. */
  Bytes binary(byte[] value) {
    return u16(value.length).raw(value);
  }

  Bytes raw(byte[] value) {
    out.writeBytes(value);
    return this;
  }

  byte[] done() {
    return out.toByteArray();
  }

  /** A control packet: type and flags, the length of what follows, what follows. */
  byte[] asPacket(int typeAndFlags) {
    byte[] body = done();
    return new Bytes().u8(typeAndFlags).varint(body.length).raw(body).done();
  }

  /** Bytes from text such as {@code "20 02 00 00"}. */
  static byte[] hex(String text) {
    return HEX.parseHex(text);
  }

  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  static byte[] concat(byte[]... parts) {
    Bytes all = new Bytes();
    Arrays.stream(parts).forEach(all::raw);
    return all.done();
  }
}

package dev.earshot.cli.bench;

import java.io.ByteArrayOutputStream;

/** The fixed header of MQTT packets that are written by hand (section 2.2 of the standard). */
public final class MqttFrame {
  private static final int LONGEST_HEADER = 5;

  private MqttFrame() {}

  /**
   * A packet.
   *
   * @param first its first byte: type and flags
   * @param body all that follows the remaining length
   */
  public static byte[] of(int first, byte[] body) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(body.length + LONGEST_HEADER);
    packet.write(first);
    int left = body.length;
    do {
      packet.write(left > 0x7f ? (left & 0x7f) | 0x80 : left);
      left >>>= 7;
    } while (left > 0);
    packet.writeBytes(body);
    return packet.toByteArray();
  }
}

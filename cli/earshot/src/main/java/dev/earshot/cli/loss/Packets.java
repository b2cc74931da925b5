package dev.earshot.cli.loss;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.earshot.cli.bench.MqttFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The few MQTT packets that the generator writes and reads, 3.1.1 and 5, by hand: what it knows of
 * an acknowledgement is what was on the wire, whatever a library would make of it.
 */
final class Packets {
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int DISCONNECT = 14;

  private static final int CONNECT = 1;
  private static final int CLEAN_WITH_USER_NAME = 0x82;
  private static final int AT_LEAST_ONCE = 0x02;
  private static final int DUP = 0x08;
  private static final int LONGEST_ANSWER = 64 << 10;
  private static final int RECEIVE_MAXIMUM = 0x21;
  private static final int UNLIMITED = 65_535;

  private Packets() {}

  /** The version of the protocol, as CONNECT names it. */
  enum Version {
    V3(4),
    V5(5);

    private final int level;

    Version(int level) {
      this.level = level;
    }
  }

  /** One packet as it came: its type, and all behind the fixed header. */
  static final class Packet {
    private final int type;
    private final byte[] body;

    Packet(int type, byte[] body) {
      this.type = type;
      this.body = body;
    }

    int type() {
      return type;
    }

    /** All behind the fixed header; not copied. */
    byte[] body() {
      return body;
    }

    /** The packet id of a PUBACK. */
    int packetId() {
      return ByteBuffer.wrap(body).getShort(0) & 0xffff;
    }

    /** Of a CONNACK; 0 is welcome. */
    int connectCode() {
      return body[1] & 0xff;
    }

    /** Of a PUBACK; 0 where the packet is too short to say. */
    int acknowledgeCode() {
      return body.length > 2 ? body[2] & 0xff : 0;
    }
  }

  /** CONNECT of a device that shows its name only. */
  static byte[] connect(Version version, String device, int keepAliveSeconds) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream body = new DataOutputStream(bytes);
    body.writeUTF("MQTT");
    body.writeByte(version.level);
    body.writeByte(CLEAN_WITH_USER_NAME);
    body.writeShort(keepAliveSeconds);
    noProperties(version, body);
    body.writeUTF(device);
    body.writeUTF(device);
    return MqttFrame.of(CONNECT << 4, bytes.toByteArray());
  }

  /** PUBLISH with QoS 1. */
  static byte[] publish(
      Version version, String topic, int packetId, boolean again, byte[] payload) {
    byte[] name = topic.getBytes(UTF_8);
    ByteBuffer body = ByteBuffer.allocate(2 + name.length + 2 + 1 + payload.length);
    body.putShort((short) name.length).put(name).putShort((short) packetId);
    if (version == Version.V5) {
      body.put((byte) 0);
    }
    body.put(payload);
    byte[] bytes = new byte[body.flip().remaining()];
    body.get(bytes);
    return MqttFrame.of(PUBLISH << 4 | AT_LEAST_ONCE | (again ? DUP : 0), bytes);
  }

  private static void noProperties(Version version, DataOutputStream body) throws IOException {
    if (version == Version.V5) {
      body.writeByte(0);
    }
  }

  /** Reads what follows the first byte of a packet. */
  static Packet read(int first, DataInputStream in) throws IOException {
    if (first < 0) {
      throw new EOFException("closed by the gateway");
    }
    int length = variable(in);
    if (length > LONGEST_ANSWER) {
      throw new IOException("an answer of " + length + " bytes");
    }
    byte[] body = new byte[length];
    in.readFully(body);
    Packet packet = new Packet(first >> 4, body);
    boolean answer = packet.type == CONNACK || packet.type == PUBACK;
    if (answer && length < 2) {
      throw new IOException("an answer of type " + packet.type + " with " + length + " bytes");
    }
    return packet;
  }

  private static int variable(DataInputStream in) throws IOException {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int next = in.readUnsignedByte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("a length of more than four bytes");
  }

  /** How many messages a CONNACK of version 5 allows to be unacknowledged. */
  static int receiveMaximum(Version version, Packet connack) throws IOException {
    if (version == Version.V3 || connack.body.length < 3) {
      return UNLIMITED;
    }
    DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(connack.body, 2, connack.body.length - 2));
    int length = variable(in);
    int end = in.available() - length;
    while (in.available() > end) {
      int property = in.readUnsignedByte();
      switch (property) {
        case RECEIVE_MAXIMUM -> {
          return in.readUnsignedShort();
        }
        case 0x24, 0x25, 0x28, 0x29, 0x2a -> in.skipNBytes(1);
        case 0x13, 0x22 -> in.skipNBytes(2);
        case 0x11, 0x27 -> in.skipNBytes(4);
        case 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f -> in.skipNBytes(in.readUnsignedShort());
        case 0x26 -> {
          in.skipNBytes(in.readUnsignedShort());
          in.skipNBytes(in.readUnsignedShort());
        }
        default -> throw new IOException("property 0x%02x in a CONNACK".formatted(property));
      }
    }
    return UNLIMITED;
  }
}

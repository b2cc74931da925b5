package dev.earshot.gateway.fuzz;

import static dev.earshot.gateway.fuzz.Wire.packet;
import static dev.earshot.gateway.fuzz.Wire.wire;

import dev.earshot.gateway.TestObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes up sessions of a device: packets that are well-formed, in an order that MQTT allows, most
 * of them what a gateway lets pass, some of them what it must refuse.
 */
public final class Packets {
  // Identifier, and how its value is written (MQTT 5, table 2-4).
  private static final int[] BYTE_PROPERTIES = {0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A};
  private static final int[] SHORT_PROPERTIES = {0x13, 0x21, 0x22, 0x23};
  private static final int[] INT_PROPERTIES = {0x02, 0x11, 0x18, 0x27};
  private static final int[] TEXT_PROPERTIES = {0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F};
  private static final int[] BINARY_PROPERTIES = {0x09, 0x16};
  private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
  private static final int USER_PROPERTY = 0x26;

  private final RandomGenerator random;
  private final int version;
  private final String device;
  private int sequence;

  public Packets(RandomGenerator random, int version, String device) {
    this.random = random;
    this.version = version;
    this.device = device;
  }

  /** A CONNECT, then one to a dozen packets, then perhaps a DISCONNECT. */
  public List<byte[]> session() {
    List<byte[]> packets = new ArrayList<>();
    packets.add(connect());
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      packets.add(any());
    }
    if (random.nextBoolean()) {
      packets.add(packet(Wire.DISCONNECT, new byte[0]));
    }
    return packets;
  }

  private byte[] any() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> publish();
      case 5 -> subscribe();
      case 6 -> unsubscribe();
      case 7, 8 -> packet(Wire.PINGREQ, new byte[0]);
      case 9 -> acknowledgement(Wire.PUBACK);
      case 10 -> rare();
      default -> packet(random.nextInt(256), noise(random.nextInt(40)));
    };
  }

  byte[] connect() {
    boolean will = random.nextInt(6) == 0;
    boolean password = random.nextInt(4) == 0;
    int flags = 0x82 | (will ? 0x04 | random.nextInt(8) << 3 & 0x38 : 0) | (password ? 0x40 : 0);
    Wire body = wire().text("MQTT").u8(version).u8(flags).u16(random.nextInt(0x10000));
    if (version == 5) {
      body.counted(properties(0x11, 0x21, 0x27, 0x22, 0x19, 0x17, USER_PROPERTY));
    }
    body.text(random.nextInt(8) == 0 ? "" : "client-" + random.nextInt(100));
    if (will) {
      if (version == 5) {
        body.counted(properties(0x18, 0x01, 0x02, 0x03, 0x08, 0x09, USER_PROPERTY));
      }
      body.text(topic()).binary(payload());
    }
    body.text(device);
    if (password) {
      body.binary(noise(random.nextInt(30)));
    }
    return packet(Wire.CONNECT, body.bytes());
  }

  public byte[] publish() {
    int qos = random.nextInt(8) == 0 ? random.nextInt(4) : 1;
    int first =
        Wire.PUBLISH
            | qos << 1
            | (random.nextInt(20) == 0 ? 1 : 0)
            | (random.nextInt(10) == 0 ? 8 : 0);
    Wire body = wire().text(topic());
    if (qos > 0) {
      body.u16(random.nextInt(50) == 0 ? 0 : random.nextInt(1, 0x10000));
    }
    if (version == 5) {
      body.counted(properties(0x01, 0x02, 0x23, 0x08, 0x09, 0x03, USER_PROPERTY));
    }
    return packet(first, body.raw(payload()).bytes());
  }

  private byte[] subscribe() {
    Wire body = wire().u16(random.nextInt(0x10000));
    if (version == 5) {
      body.counted(properties(SUBSCRIPTION_IDENTIFIER, USER_PROPERTY));
    }
    int filters =
        random.nextInt(10) == 0 ? random.nextInt(2) * random.nextInt(200) : random.nextInt(1, 4);
    for (int i = 0; i < filters; i++) {
      body.text(filter()).u8(random.nextInt(8) == 0 ? random.nextInt(256) : random.nextInt(3));
    }
    return packet(Wire.SUBSCRIBE, body.bytes());
  }

  private byte[] unsubscribe() {
    Wire body = wire().u16(random.nextInt(0x10000));
    if (version == 5) {
      body.counted(properties(USER_PROPERTY));
    }
    return packet(Wire.UNSUBSCRIBE, body.text(filter()).bytes());
  }

  private byte[] acknowledgement(int first) {
    Wire body = wire().u16(random.nextInt(0x10000));
    if (version == 5 && random.nextBoolean()) {
      body.u8(random.nextInt(256));
      if (random.nextBoolean()) {
        body.counted(properties(0x1F, USER_PROPERTY));
      }
    }
    return packet(first, body.bytes());
  }

  /** What a device has no business to send to this gateway. */
  private byte[] rare() {
    return switch (random.nextInt(6)) {
      case 0 -> connect();
      case 1 -> acknowledgement(Wire.PUBREC);
      case 2 -> acknowledgement(Wire.PUBREL);
      case 3 -> acknowledgement(Wire.PUBCOMP);
      case 4 ->
          packet(Wire.AUTH, wire().u8(random.nextInt(256)).counted(properties(0x15, 0x16)).bytes());
      default ->
          packet(
              Wire.DISCONNECT,
              wire()
                  .u8(random.nextInt(256))
                  .counted(properties(0x11, 0x1F, USER_PROPERTY))
                  .bytes());
    };
  }

  /** Some properties: nearly always those that the packet may have, now and then any. */
  private byte[] properties(int... allowed) {
    Wire properties = wire();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      boolean wild = random.nextInt(15) == 0;
      property(properties, wild ? random.nextInt(0x30) : allowed[random.nextInt(allowed.length)]);
    }
    return properties.bytes();
  }

  private void property(Wire properties, int id) {
    properties.variable(id);
    if (contains(BYTE_PROPERTIES, id)) {
      properties.u8(random.nextInt(20) == 0 ? random.nextInt(256) : random.nextInt(2));
    } else if (contains(SHORT_PROPERTIES, id)) {
      properties.u16(random.nextInt(5) == 0 ? random.nextInt(0x10000) : random.nextInt(10));
    } else if (contains(INT_PROPERTIES, id)) {
      properties.u32(random.nextInt());
    } else if (contains(TEXT_PROPERTIES, id)) {
      properties.text("text-" + random.nextInt(100));
    } else if (contains(BINARY_PROPERTIES, id)) {
      properties.binary(noise(random.nextInt(20)));
    } else if (id == SUBSCRIPTION_IDENTIFIER) {
      properties.variable(random.nextInt(1, Wire.MAX_REMAINING));
    } else if (id == USER_PROPERTY) {
      properties.text("key").text("value-" + random.nextInt(1000));
    }
  }

  private static boolean contains(int[] ids, int id) {
    for (int known : ids) {
      if (known == id) {
        return true;
      }
    }
    return false;
  }

  private String topic() {
    return switch (random.nextInt(20)) {
      case 0 -> "";
      case 1 -> Wire.topic("fuzz/somebody", "heartbeat");
      case 2 -> Wire.topic(device, "command");
      case 3 -> "x/".repeat(random.nextInt(100));
      case 4, 5, 6 -> Wire.topic(device, "status");
      default -> Wire.topic(device, "heartbeat");
    };
  }

  private String filter() {
    return switch (random.nextInt(8)) {
      case 0 -> "#";
      case 1 -> "earshot/v1/+/+/command";
      case 2 -> "$share/group/" + Wire.topic(device, "command");
      case 3 -> Wire.topic("fuzz/somebody", "command");
      default -> Wire.topic(device, "command");
    };
  }

  private byte[] payload() {
    return switch (random.nextInt(12)) {
      case 0 -> new byte[0];
      case 1 -> noise(random.nextInt(300));
      case 2 -> noise(random.nextInt(20_000));
      case 3, 4 -> TestObjects.status().build().toByteArray();
      default -> TestObjects.heartbeat(sequence++).build().toByteArray();
    };
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

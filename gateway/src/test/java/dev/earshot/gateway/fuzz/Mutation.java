package dev.earshot.gateway.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** One way to spoil a sequence of packets. Each changes the list that it is given. */
public enum Mutation {
  BITS {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] packet = any(packets, random);
      for (int flips = 1 + random.nextInt(4); flips > 0 && packet.length > 0; flips--) {
        packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
      }
    }
  },
  TELLING_BYTE {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] packet = any(packets, random);
      if (packet.length > 0) {
        packet[random.nextInt(packet.length)] = TELLING[random.nextInt(TELLING.length)];
      }
    }
  },
  FIRST_BYTE {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] packet = any(packets, random);
      if (packet.length > 0) {
        packet[0] = (byte) random.nextInt(256);
      }
    }
  },
  /** Any two bytes become a length that is wrong: of a topic, a text, a password. */
  TWO_BYTE_LENGTH {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] packet = any(packets, random);
      if (packet.length > 3) {
        int at = random.nextInt(2, packet.length - 1);
        int length = random.nextBoolean() ? 0xFFFF : random.nextInt(packet.length + 2);
        packet[at] = (byte) (length >>> 8);
        packet[at + 1] = (byte) length;
      }
    }
  },
  TRUNCATED_PACKET {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      int index = random.nextInt(packets.size());
      byte[] packet = packets.get(index);
      packets.set(index, Arrays.copyOf(packet, random.nextInt(packet.length + 1)));
    }
  },
  TRUNCATED_STREAM {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      int keep = 1 + random.nextInt(packets.size());
      packets.subList(keep, packets.size()).clear();
      byte[] last = packets.getLast();
      packets.set(keep - 1, Arrays.copyOf(last, random.nextInt(last.length + 1)));
    }
  },
  /** The remaining length one off, far off, longer than need be, or of five bytes. */
  REMAINING_LENGTH {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      int index = random.nextInt(packets.size());
      byte[] packet = packets.get(index);
      if (packet.length < 2) {
        return;
      }
      int header = headerLength(packet);
      int claimed = packet.length - header;
      Wire spoiled = Wire.wire().u8(packet[0]);
      switch (random.nextInt(6)) {
        case 0 -> spoiled.variable(Math.max(0, claimed - 1 - random.nextInt(3)));
        case 1 -> spoiled.variable(claimed + 1 + random.nextInt(3));
        case 2 -> spoiled.u8(claimed | 0x80).u8(0x80).u8(0);
        case 3 -> spoiled.u8(0x80).u8(0x80).u8(0x80).u8(0x80).u8(1);
        case 4 -> spoiled.variable(random.nextInt(Wire.MAX_REMAINING));
        default -> spoiled.u8(0xFF).u8(0xFF).u8(0xFF).u8(0xFF).u8(0x7F);
      }
      packets.set(index, spoiled.raw(Arrays.copyOfRange(packet, header, packet.length)).bytes());
    }
  },
  SPLICE {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] head = any(packets, random);
      byte[] tail = any(packets, random);
      int from = random.nextInt(tail.length + 1);
      packets.set(
          random.nextInt(packets.size()),
          Wire.wire()
              .raw(Arrays.copyOf(head, random.nextInt(head.length + 1)))
              .raw(Arrays.copyOfRange(tail, from, tail.length))
              .bytes());
    }
  },
  DUPLICATE {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] packet = any(packets, random);
      for (int copies = 1 + random.nextInt(20); copies > 0; copies--) {
        packets.add(random.nextInt(packets.size() + 1), packet.clone());
      }
    }
  },
  REORDER {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      packets.add(random.nextInt(packets.size()), packets.remove(random.nextInt(packets.size())));
    }
  },
  INSERT_NOISE {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] noise = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 5_000 : 20)];
      random.nextBytes(noise);
      packets.add(random.nextInt(packets.size() + 1), noise);
    }
  },
  /** Bytes that are no UTF-8 (or must not be in MQTT), over any part of a packet. */
  NO_UTF8 {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      byte[] packet = any(packets, random);
      byte[] wrong = NOT_UTF8[random.nextInt(NOT_UTF8.length)];
      if (packet.length > wrong.length + 4) {
        System.arraycopy(
            wrong, 0, packet, random.nextInt(4, packet.length - wrong.length), wrong.length);
      }
    }
  },
  /** A PUBLISH of MQTT 5 whose properties are said to be longer than the packet. */
  HUGE_PROPERTIES {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      Wire body = Wire.wire().text("t").u16(1).variable(random.nextInt(Wire.MAX_REMAINING));
      packets.add(random.nextInt(packets.size() + 1), Wire.packet(Wire.PUBLISH | 2, body.bytes()));
    }
  },
  HUGE_CLAIM {
    @Override
    public void apply(List<byte[]> packets, RandomGenerator random) {
      int claimed = random.nextInt(Wire.MAX_REMAINING);
      packets.add(
          random.nextInt(packets.size() + 1),
          Wire.claiming(random.nextInt(256), claimed, new byte[random.nextInt(2_000)]));
    }
  };

  private static final byte[] TELLING = {0, 1, 2, 4, 0x7F, (byte) 0x80, (byte) 0xFE, (byte) 0xFF};
  private static final byte[][] NOT_UTF8 = {
    {(byte) 0xC0, (byte) 0x80},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xFF},
    {(byte) 0x80},
    {0},
    {(byte) 0xEF, (byte) 0xBF, (byte) 0xBF},
    {(byte) 0xE2, (byte) 0x82},
  };

  public abstract void apply(List<byte[]> packets, RandomGenerator random);

  private static byte[] any(List<byte[]> packets, RandomGenerator random) {
    return packets.get(random.nextInt(packets.size()));
  }

  /** The bytes before the body, if the remaining length is one. */
  private static int headerLength(byte[] packet) {
    int length = 2;
    while (length < 5 && length < packet.length && packet[length - 1] < 0) {
      length++;
    }
    return length;
  }
}

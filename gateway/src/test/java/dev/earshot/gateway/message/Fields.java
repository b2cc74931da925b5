package dev.earshot.gateway.message;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED32;
import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;
import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;
import static com.google.protobuf.WireFormat.WIRETYPE_START_GROUP;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Breaks encoded messages: their bytes, the order of their fields, and how these are written. */
final class Fields {
  private static final int END_GROUP = WireFormat.WIRETYPE_END_GROUP;

  private final Random random;

  Fields(Random random) {
    this.random = random;
  }

  /** The message with one to three things done to it. It may be none any more. */
  byte[] broken(byte[] message) {
    byte[] broken = message;
    for (int i = random.nextInt(3); i >= 0; i--) {
      broken = random.nextInt(3) == 0 ? brokenBytes(broken) : brokenFields(broken);
    }
    return broken;
  }

  private byte[] brokenBytes(byte[] message) {
    int place = random.nextInt(message.length + 1);
    byte[] start = Arrays.copyOf(message, place);
    return switch (random.nextInt(3)) {
      case 0 -> start;
      case 1 -> join(List.of(start, slice(message), slice(message)));
      default -> {
        byte[] flipped = message.clone();
        for (int i = random.nextInt(4); i >= 0 && flipped.length > 0; i--) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
    };
  }

  private byte[] slice(byte[] message) {
    int from = random.nextInt(message.length + 1);
    return Arrays.copyOfRange(message, from, from + random.nextInt(message.length - from + 1));
  }

  private byte[] brokenFields(byte[] message) {
    List<byte[]> fields = split(message);
    if (fields.isEmpty()) {
      return odd();
    }
    int chosen = random.nextInt(fields.size());
    byte[] field = fields.get(chosen);
    switch (random.nextInt(7)) {
      case 0 -> Collections.shuffle(fields, random);
      case 1 -> fields.add(random.nextInt(fields.size() + 1), field);
      case 2 -> fields.remove(chosen);
      case 3 -> fields.set(chosen, wide(field));
      case 4 -> fields.set(chosen, anew(field));
      case 5 -> fields.set(chosen, unpacked(field));
      default -> fields.add(chosen, odd());
    }
    return join(fields);
  }

  /** Of what is no message, the fields before the first that is none. */
  private static List<byte[]> split(byte[] message) {
    List<byte[]> fields = new ArrayList<>();
    CodedInputStream input = CodedInputStream.newInstance(message);
    int start = 0;
    try {
      for (int tag = input.readTag(); tag != 0 && input.skipField(tag); tag = input.readTag()) {
        fields.add(Arrays.copyOfRange(message, start, input.getTotalBytesRead()));
        start = input.getTotalBytesRead();
      }
    } catch (IOException e) {
      return fields;
    }
    return fields;
  }

  /** The same tag, in more bytes than it needs. */
  private byte[] wide(byte[] field) {
    int width = width(field);
    long tag = 0;
    for (int i = 0; i < Math.min(width, 5); i++) {
      tag |= (long) (field[i] & 0x7f) << (7 * i);
    }
    byte[] rest = Arrays.copyOfRange(field, width, field.length);
    return join(List.of(varint(tag, 1 + random.nextInt(11)), rest));
  }

  /** The field's tag before any value that has its wire type. */
  private byte[] anew(byte[] field) {
    byte[] tag = Arrays.copyOf(field, width(field));
    return join(List.of(tag, value(0, field[0] & 7, 0)));
  }

  /** Each byte of the value as a field of its own: what a packed field of small numbers is too. */
  private byte[] unpacked(byte[] field) {
    int width = width(field);
    if ((field[0] & 7) != WIRETYPE_LENGTH_DELIMITED) {
      return field;
    }
    byte[] tag = Arrays.copyOf(field, width);
    tag[0] &= (byte) ~7;
    List<byte[]> single = new ArrayList<>();
    for (int i = width + 1; i < field.length; i++) {
      single.add(tag);
      single.add(varint(field[i], 1 + random.nextInt(2)));
    }
    return join(single);
  }

  private static int width(byte[] field) {
    int width = 1;
    while (width < field.length && field[width - 1] < 0) {
      width++;
    }
    return width;
  }

  /** Any field, known or not, of any type, also those that do not exist. */
  private byte[] odd() {
    int number = random.nextInt(20) == 0 ? random.nextInt() >>> 3 : random.nextInt(36);
    int type = random.nextInt(8);
    byte[] tag = varint((long) number << 3 | type, random.nextInt(4) == 0 ? 10 : 1);
    return join(List.of(tag, value(number, type, random.nextInt(8))));
  }

  private byte[] value(int number, int type, int depth) {
    return switch (type) {
      case WIRETYPE_VARINT -> varint(number(), 1 + random.nextInt(11));
      case WIRETYPE_FIXED64 -> bytes(Long.BYTES);
      case WIRETYPE_FIXED32 -> bytes(Float.BYTES);
      case WIRETYPE_LENGTH_DELIMITED -> delimited();
      case WIRETYPE_START_GROUP -> group(number, random.nextInt(8) == 0 ? 102 : depth);
      default -> new byte[0];
    };
  }

  private byte[] delimited() {
    List<byte[]> inside = new ArrayList<>();
    for (int count = random.nextInt(34); count > 0; count--) {
      int width = random.nextInt(20) == 0 ? 1 + random.nextInt(11) : 1;
      inside.add(random.nextInt(30) == 0 ? bytes(1) : varint(number(), width));
    }
    byte[] content = join(inside);
    int lie = random.nextInt(20) == 0 ? random.nextInt() : 0;
    return join(List.of(varint(content.length ^ lie, 1 + random.nextInt(3)), content));
  }

  /** From the content of a group to its end, which may be that of another. */
  private byte[] group(int number, int depth) {
    byte[] end = varint((long) (number ^ random.nextInt(40) / 39) << 3 | END_GROUP, 1);
    if (depth == 0) {
      return join(List.of(varint(5L << 3, 1), varint(7, 1), end));
    }
    byte[] start = varint((long) number << 3 | WIRETYPE_START_GROUP, 1);
    return join(List.of(start, group(number, depth - 1), end));
  }

  private long number() {
    return random.nextInt(8) == 0 ? random.nextLong() >> random.nextInt(64) : random.nextInt(100);
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** At least so many bytes wide; 11 make it none. */
  private static byte[] varint(long value, int width) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long left = value;
    for (int i = 1; i < width || left >>> 7 != 0; i++) {
      bytes.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    bytes.write((int) left);
    return bytes.toByteArray();
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    parts.forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }
}

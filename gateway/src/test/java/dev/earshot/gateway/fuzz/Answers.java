package dev.earshot.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads what a gateway wrote, and refuses what no MQTT server may write: it must hold against every
 * client, however that one behaves.
 */
final class Answers {
  private static final int VERSION_UNKNOWN = 0;

  /** One packet of the gateway: its first byte and its body. */
  record Answer(int first, byte[] body) {
    int type() {
      return first & 0xF0;
    }

    /** The packet id of a PUBACK, SUBACK or UNSUBACK. */
    int packetId() {
      return (body[0] & 0xFF) << 8 | body[1] & 0xFF;
    }
  }

  private Answers() {}

  /**
   * The whole packets at the begin of these bytes; a part of one at the end is left out, for the
   * connection may have ended there.
   *
   * @throws AssertionError when a server must not say that
   */
  static List<Answer> read(byte[] bytes) {
    List<Answer> answers = new ArrayList<>();
    int version = VERSION_UNKNOWN;
    boolean last = false;
    int at = 0;
    while (at < bytes.length) {
      int header = at + 1;
      int remaining = 0;
      for (int shift = 0; ; shift += 7) {
        require(shift < 28, "remaining length", bytes);
        if (header == bytes.length) {
          return answers;
        }
        byte digit = bytes[header++];
        remaining |= (digit & 0x7F) << shift;
        if (digit >= 0) {
          break;
        }
      }
      if (header + remaining > bytes.length) {
        return answers;
      }
      byte[] body = Arrays.copyOfRange(bytes, header, header + remaining);
      Answer answer = new Answer(bytes[at] & 0xFF, body);
      require(!last, "a packet after the last", bytes);
      if (answers.isEmpty()) {
        require(answer.first == Wire.CONNACK, "the first packet is a CONNACK", bytes);
        version = body.length == 2 ? 4 : 5;
        last = connack(body, version, bytes);
      } else {
        last = later(answer, version, bytes);
      }
      answers.add(answer);
      at = header + remaining;
    }
    return answers;
  }

  /** Whether the connection was refused. */
  private static boolean connack(byte[] body, int version, byte[] all) {
    require(body.length >= 2, "CONNACK has flags and a code", all);
    require(body[0] == 0, "session present", all);
    int code = body[1] & 0xFF;
    if (version == 4) {
      require(code <= 5, "CONNACK return code", all);
    } else {
      require(code == 0 || code >= 0x80, "CONNACK reason code", all);
      properties(body, 2, all);
    }
    return code != 0;
  }

  /** Whether nothing may follow. */
  private static boolean later(Answer answer, int version, byte[] all) {
    byte[] body = answer.body;
    switch (answer.first & 0xF0) {
      case Wire.PUBACK, Wire.UNSUBACK, Wire.SUBACK -> {
        require((answer.first & 0x0F) == 0, "flags of an acknowledgement", all);
        require(body.length >= 2, "an acknowledgement has a packet id", all);
        if (answer.type() == Wire.SUBACK) {
          require(body.length > 2, "a SUBACK has return codes", all);
        } else if (version == 4) {
          require(body.length == 2, "nothing follows the packet id in 3.1.1", all);
        }
        if (version == 5 && answer.type() != Wire.PUBACK) {
          require(properties(body, 2, all) < body.length, "reason codes", all);
        } else if (version == 5 && body.length > 3) {
          properties(body, 3, all);
        }
      }
      case Wire.PINGRESP -> require(body.length == 0, "PINGRESP is empty", all);
      case Wire.PUBLISH -> require((answer.first & 0x01) == 0, "not retained", all);
      case Wire.DISCONNECT -> {
        require(version == 5, "no DISCONNECT from a server of 3.1.1", all);
        require(body.length == 0 || (body[0] & 0xFF) >= 0x80, "DISCONNECT reason", all);
        if (body.length > 1) {
          properties(body, 1, all);
        }
        return true;
      }
      default -> require(false, "type of packet", all);
    }
    return false;
  }

  /** Where the properties that begin there end. */
  private static int properties(byte[] body, int from, byte[] all) {
    require(from < body.length, "length of the properties", all);
    int length = 0;
    int at = from;
    for (int shift = 0; shift < 28; shift += 7) {
      require(at < body.length, "length of the properties", all);
      byte digit = body[at++];
      length |= (digit & 0x7F) << shift;
      if (digit >= 0) {
        break;
      }
    }
    require(at + length <= body.length, "length of the properties", all);
    texts(Arrays.copyOfRange(body, at, at + length), all);
    return at + length;
  }

  /** The lengths of texts among properties add up, and the texts are such. */
  private static void texts(byte[] properties, byte[] all) {
    int at = 0;
    while (at < properties.length) {
      int id = properties[at++];
      switch (id) {
        case 0x02, 0x11, 0x18, 0x27 -> at += 4;
        case 0x13, 0x21, 0x22, 0x23 -> at += 2;
        case 0x24, 0x25, 0x28, 0x29, 0x2A -> at += 1;
        case 0x12, 0x1F -> {
          require(at + 2 <= properties.length, "length of a text", all);
          int length = (properties[at] & 0xFF) << 8 | properties[at + 1] & 0xFF;
          at += 2;
          require(at + length <= properties.length, "length of a text", all);
          String text = new String(properties, at, length, UTF_8);
          require(text.indexOf(0) < 0, "a text without the null character", all);
          at += length;
        }
        default -> require(false, "property " + id, all);
      }
    }
    require(at == properties.length, "length of the properties", all);
  }

  private static void require(boolean holds, String what, byte[] bytes) {
    if (!holds) {
      throw new AssertionError(
          what + ": the gateway wrote " + HexFormat.of().withDelimiter(" ").formatHex(bytes));
    }
  }
}

package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * The PUBLISH that was read last, as it lies in the read buffer: nothing of it is copied before it
 * is known whose it is. One for each event loop; valid until the next is read.
 *
 * <p>Layout after the fixed header (MQTT 3.1.1 and 5, section 3.3): topic length (2 bytes, big
 * endian), topic (UTF-8), packet id (2 bytes, QoS 1 and 2 only), in version 5 the length of the
 * properties (variable byte integer) and the properties, and the payload up to the packet's end.
 */
final class PublishPacket {
  /** Well-formed. */
  static final int GOOD = 0;

  /** No alias. */
  static final int NONE = 0;

  static final int AT_MOST_ONCE = 0;
  static final int AT_LEAST_ONCE = 1;
  static final int EXACTLY_ONCE = 2;

  private static final int MALFORMED = ReasonCode.MALFORMED_PACKET;
  private static final int PROTOCOL_ERROR = ReasonCode.PROTOCOL_ERROR;

  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
  private int qos;
  private boolean retained;
  private int packetId;
  private int topicAt;
  private int topicLength;
  private int alias;
  private int payloadAt;
  private int payloadLength;

  /**
   * Reads a packet; on any answer but {@link #GOOD} the accessors mean nothing.
   *
   * @param flags the lower four bits of the packet's first byte
   * @param from the first byte after the fixed header
   * @param end the first byte after the packet
   * @return {@link #GOOD} or the reason code (version 5) of what is wrong
   */
  int read(ByteBuf in, int flags, int from, int end, boolean v5) {
    bytes = in;
    qos = (flags >> 1) & 3;
    retained = (flags & 1) != 0;
    alias = NONE;
    packetId = 0;
    if (qos == 3 || end - from < 2) {
      return MALFORMED;
    }
    topicLength = in.getUnsignedShort(from);
    topicAt = from + 2;
    int at = topicAt + topicLength;
    if (qos != AT_MOST_ONCE) {
      if (end - at < 2) {
        return MALFORMED;
      }
      packetId = in.getUnsignedShort(at);
      at += 2;
      if (packetId == 0) {
        return PROTOCOL_ERROR;
      }
    }
    if (v5) {
      at = properties(at, end);
      if (at < 0) {
        return -at;
      }
    }
    payloadAt = at;
    payloadLength = end - at;
    if (payloadLength < 0) {
      return MALFORMED;
    }
    return topicLength == 0 && alias == NONE ? (v5 ? PROTOCOL_ERROR : MALFORMED) : GOOD;
  }

  /** The payload's place, or the negated reason code. */
  private int properties(int from, int end) {
    long read = variableInteger(from, end);
    if (read < 0) {
      return -MALFORMED;
    }
    int at = (int) (read >>> 32);
    int propertiesEnd = at + (int) read;
    if (propertiesEnd > end) {
      return -MALFORMED;
    }
    long seen = 0;
    while (at < propertiesEnd) {
      int id = bytes.getUnsignedByte(at);
      at++;
      // Ids are below 64: a bit each.
      long bit = id == PropertyId.USER_PROPERTY ? 0 : 1L << id;
      if ((seen & bit) != 0) {
        return -PROTOCOL_ERROR;
      }
      seen |= bit;
      at = property(id, at, propertiesEnd);
      if (at < 0) {
        return at;
      }
    }
    return at;
  }

  /** The place after the property's value, or the negated reason code. */
  private int property(int id, int at, int end) {
    int after;
    switch (id) {
      case PropertyId.PAYLOAD_FORMAT_INDICATOR -> {
        after = at + 1;
        if (after <= end && bytes.getUnsignedByte(at) > 1) {
          return -PROTOCOL_ERROR;
        }
      }
      case PropertyId.MESSAGE_EXPIRY_INTERVAL -> after = at + 4;
      case PropertyId.CONTENT_TYPE, PropertyId.RESPONSE_TOPIC, PropertyId.CORRELATION_DATA ->
          after = afterField(at, end);
      case PropertyId.USER_PROPERTY -> {
        int value = afterField(at, end);
        after = value < 0 ? value : afterField(value, end);
      }
      case PropertyId.TOPIC_ALIAS -> {
        after = at + 2;
        if (after <= end) {
          alias = bytes.getUnsignedShort(at);
          if (alias == NONE) {
            return -ReasonCode.TOPIC_ALIAS_INVALID;
          }
        }
      }
      // A server sends it, a client must not.
      case PropertyId.SUBSCRIPTION_IDENTIFIER -> after = -PROTOCOL_ERROR;
      default -> after = -MALFORMED;
    }
    return after > end ? -MALFORMED : after;
  }

  private int afterField(int at, int end) {
    return end - at < 2 ? -MALFORMED : at + 2 + bytes.getUnsignedShort(at);
  }

  /** A variable byte integer: its value below, the place after it above; negative: none. */
  private long variableInteger(int from, int end) {
    int value = 0;
    for (int i = 0; i < 4 && from + i < end; i++) {
      int next = bytes.getUnsignedByte(from + i);
      value |= (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return (long) (from + i + 1) << 32 | value;
      }
    }
    return -1;
  }

  int qos() {
    return qos;
  }

  boolean isRetained() {
    return retained;
  }

  /** 1 to 65,535; 0 at QoS 0. */
  int packetId() {
    return packetId;
  }

  /** {@link #NONE} or the topic's alias, 1 to 65,535. */
  int alias() {
    return alias;
  }

  /** Whether the topic is left out, because its alias says it. */
  boolean isTopicAbsent() {
    return topicLength == 0;
  }

  boolean isTopic(byte[] name) {
    if (name.length != topicLength) {
      return false;
    }
    // From the end: topics of one device differ there.
    for (int i = topicLength - 1; i >= 0; i--) {
      if (bytes.getByte(topicAt + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** The topic's bytes, which may be no UTF-8. */
  byte[] topic() {
    return ByteBufUtil.getBytes(bytes, topicAt, topicLength, true);
  }

  /** The topic as text. */
  String topicText() {
    return bytes.toString(topicAt, topicLength, UTF_8);
  }

  int payloadLength() {
    return payloadLength;
  }

  /** A copy of the payload: the only one before Kafka's own. */
  byte[] payload() {
    byte[] payload = new byte[payloadLength];
    bytes.getBytes(payloadAt, payload);
    return payload;
  }
}

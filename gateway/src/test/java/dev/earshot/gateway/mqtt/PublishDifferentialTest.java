package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.earshot.gateway.fuzz.Mutation;
import dev.earshot.gateway.fuzz.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Our reader of PUBLISH beside Netty's. They differ on purpose:
 *
 * <ul>
 *   <li>Netty refuses a topic with a wildcard. Ours reads it: it becomes a dead letter, and its
 *       sender is told that there is no such topic.
 *   <li>Netty takes an empty topic without an alias, an alias of 0, a payload format indicator
 *       above 1, a property twice, properties that no PUBLISH of a client may have, and properties
 *       that go on behind the end of their length, or of the packet. Ours refuses them, as the
 *       standard demands (MQTT 5, sections 2.2.2, 3.3.2.1 and 3.3.2.3).
 * </ul>
 */
class PublishDifferentialTest {
  private static final Set<Integer> OF_A_CLIENTS_PUBLISH =
      Set.of(0x01, 0x02, 0x03, 0x08, 0x09, 0x23, 0x26);
  private static final int USER_PROPERTY = 0x26;

  @Property(tries = 5_000)
  void publish_isReadAsNettyReadsIt(@ForAll long seed, @ForAll boolean v5) throws Exception {
    byte[] packet = publish(seed, v5);
    ReadPackets ours = new ReadPackets(v5).give(packet);
    String read = ours.seen().size() == 1 ? ours.seen().getFirst() : String.valueOf(ours.seen());
    String nettys = netty(packet, v5);
    String hex = HexFormat.of().formatHex(packet);
    if (ours.fault() == null) {
      if (nettys == null) {
        String topic = new String(packet, topicAt(packet), topicLength(packet), UTF_8);
        if (topic.indexOf('#') < 0 && topic.indexOf('+') < 0) {
          fail("we read what Netty refuses: " + read + " from " + hex);
        }
      } else {
        assertEquals(nettys, read, hex);
      }
    } else if (nettys != null && !isRefusedOnPurpose(packet, v5)) {
      fail("we refuse with " + read + " what Netty reads: " + nettys + " from " + hex);
    }
  }

  /** A PUBLISH, most of them spoiled; its remaining length is right. */
  private static byte[] publish(long seed, boolean v5) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] whole;
    do {
      whole = new Packets(random, v5 ? 5 : 4, "fuzz/publish").publish();
    } while (whole.length > ReadPackets.MAX_PACKET_BYTES);
    List<byte[]> packets = new ArrayList<>(List.of(whole));
    for (int i = random.nextInt(4); i > 0; i--) {
      Mutation[] harmful = {
        Mutation.BITS, Mutation.TELLING_BYTE, Mutation.TWO_BYTE_LENGTH, Mutation.TRUNCATED_PACKET
      };
      harmful[random.nextInt(harmful.length)].apply(packets, random);
    }
    byte[] spoiled = packets.getFirst();
    int header = whole[1] < 0 ? 3 : 2;
    ByteBuf out = Unpooled.buffer();
    out.writeByte(0x30 | (spoiled.length > 0 ? spoiled[0] & 0x0F : 0));
    int length = Math.max(0, spoiled.length - header);
    int rest = length;
    do {
      out.writeByte(rest & 0x7F | (rest > 0x7F ? 0x80 : 0));
      rest >>>= 7;
    } while (rest > 0);
    out.writeBytes(spoiled, spoiled.length - length, length);
    return ByteBufUtil.getBytes(out);
  }

  /** What Netty makes of it; null when it refuses it, or asks for more than the packet. */
  private static @Nullable String netty(byte[] packet, boolean v5) {
    EmbeddedChannel decoder = new EmbeddedChannel(new MqttDecoder(ReadPackets.MAX_PACKET_BYTES));
    decoder.writeInbound(connect(v5));
    ReferenceCountUtil.release(decoder.readInbound());
    decoder.writeInbound(Unpooled.copiedBuffer(packet));
    MqttMessage message = decoder.readInbound();
    String read = null;
    if (message instanceof MqttPublishMessage publish && message.decoderResult().isSuccess()) {
      int alias =
          publish.variableHeader().properties().getProperty(MqttPropertyType.TOPIC_ALIAS.value())
                  == null
              ? PublishPacket.NONE
              : (Integer)
                  publish
                      .variableHeader()
                      .properties()
                      .getProperty(MqttPropertyType.TOPIC_ALIAS.value())
                      .value();
      int qos = publish.fixedHeader().qosLevel().value();
      read =
          ReadPackets.text(
              qos,
              publish.fixedHeader().isRetain(),
              qos == 0 ? 0 : publish.variableHeader().packetId(),
              alias,
              publish.variableHeader().topicName(),
              ByteBufUtil.getBytes(publish.payload()));
    }
    ReferenceCountUtil.release(message);
    decoder.finishAndReleaseAll();
    return read;
  }

  private static ByteBuf connect(boolean v5) {
    EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
    encoder.writeOutbound(
        MqttMessageBuilders.connect()
            .protocolVersion(v5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
            .clientId("differential")
            .build());
    return encoder.readOutbound();
  }

  private static int topicAt(byte[] packet) {
    return packet[1] < 0 ? 5 : 4;
  }

  private static int topicLength(byte[] packet) {
    return u16(packet, topicAt(packet) - 2);
  }

  /** Two bytes as a number; the largest when they are not there. */
  private static int u16(byte[] bytes, int at) {
    return at + 2 > bytes.length ? 0xFFFF : (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  /** By a reading of the standard that shares nothing with the reader. */
  private static boolean isRefusedOnPurpose(byte[] packet, boolean v5) {
    boolean emptyTopic = topicLength(packet) == 0;
    if (!v5) {
      return emptyTopic;
    }
    int at = topicAt(packet) + topicLength(packet) + ((packet[0] & 0x06) == 0 ? 0 : 2);
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      if (at == packet.length) {
        return true;
      }
      length |= (packet[at] & 0x7F) << shift;
      if (packet[at++] >= 0) {
        break;
      }
    }
    int end = at + length;
    if (end > packet.length) {
      return true;
    }
    boolean aliased = false;
    List<Integer> seen = new ArrayList<>();
    while (at < end) {
      int id = packet[at++];
      boolean again = id != USER_PROPERTY && seen.contains(id);
      if (again || !OF_A_CLIENTS_PUBLISH.contains(id)) {
        return true;
      }
      seen.add(id);
      int after =
          switch (id) {
            case 0x01 -> at + 1;
            case 0x02 -> at + 4;
            case 0x23 -> at + 2;
            case USER_PROPERTY -> {
              int value = at + 2 + u16(packet, at);
              yield value + 2 > end ? end + 1 : value + 2 + u16(packet, value);
            }
            default -> at + 2 + u16(packet, at);
          };
      boolean wrongValue =
          id == 0x01 && at < end && (packet[at] & 0xFF) > 1 || id == 0x23 && u16(packet, at) == 0;
      if (after > end || wrongValue) {
        return true;
      }
      aliased |= id == 0x23;
      at = after;
    }
    return emptyTopic && !aliased;
  }
}

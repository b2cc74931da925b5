package dev.earshot.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that no client may send, or not like that. */
@Timeout(60)
class MalformedIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final byte[] PAYLOAD = TestObjects.heartbeat(0).build().toByteArray();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 00", // type 0
        "36 05 00 01 61 00 01", // PUBLISH of QoS 3
        "30 00", // PUBLISH without a topic name
        "30 01 00", // PUBLISH with half of its topic's length
        "30 04 00 03 61 62", // PUBLISH whose topic is longer than the packet
        "32 03 00 01 61", // PUBLISH of QoS 1 without a packet id
        "32 04 00 01 61 00", // PUBLISH of QoS 1 with half of one
        "30 ff ff ff ff 01 00", // remaining length of five bytes
        "80 06 00 01 00 01 61 01", // SUBSCRIBE without its reserved flag
        "a0 05 00 01 00 01 61", // UNSUBSCRIBE without it
        "c1 00", // PINGREQ with one
        "e1 00", // DISCONNECT with one
        "41 02 00 01", // PUBACK with one
        "82 06 00 01 00 05 61 62", // SUBSCRIBE with half of a filter
        "40 01 00" // PUBACK with half of a packet id
      })
  void malformedPacket_endsTheConnection(String hex) throws Exception {
    for (Version version : Version.values()) {
      try (RawClient client = WIRE.connected(version, "malformed")) {
        client.send(Bytes.hex(hex));
        client.assertEnds(0x81);
        WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "malformed_packet");
      }
    }
  }

  @Test
  void malformedPropertiesOfPublish_endTheConnection() throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "unused")) {
      byte[] topic = new Bytes().text(client.topic("heartbeat")).done();
      for (Bytes rest :
          List.of(
              new Bytes(), // no property length
              new Bytes().u8(9).raw(new byte[] {0x26, 0, 1}), // longer than the packet
              new Bytes().u8(0x80).u8(0x80).u8(0x80).u8(0x80).u8(0x01), // length of five bytes
              new Bytes().u8(2).u8(0x02).u8(0), // Message Expiry Interval of one byte
              new Bytes().u8(4).u8(0x03).u16(9).u8('a'), // Content Type longer than the properties
              new Bytes().u8(5).u8(0x26).u16(1).u8('a').u8(0), // User Property without a value
              new Bytes().u8(2).u8(0x7F).u8(0), // no property
              new Bytes().u8(3).u8(0x21).u16(1))) { // Receive Maximum: none of PUBLISH's
        assertEndsAfter(
            new Bytes().raw(topic).raw(rest.done()).asPacket(0x30), List.of(0x81, 0x82));
      }
    }
  }

  @Test
  void propertiesThatPublishMayNotHave_areAProtocolError() throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "unused")) {
      String topic = client.topic("heartbeat");
      for (Bytes properties :
          List.of(
              new Bytes().u8(0x02).u32(1).u8(0x02).u32(1), // Message Expiry Interval twice
              new Bytes().u8(0x01).u8(2), // Payload Format Indicator 2
              new Bytes().u8(0x0B).varint(1))) { // Subscription Identifier, from a client
        assertEndsAfter(
            Packets.publish(Version.V5, Packets.QOS_0, topic, 0, properties, PAYLOAD),
            List.of(0x82));
      }
    }
  }

  private static void assertEndsAfter(byte[] packet, List<Integer> reasons) throws IOException {
    try (RawClient client = WIRE.connected(Version.V5, "bad-property")) {
      client.send(packet);
      Packet answer = client.read();
      assertTrue(
          reasons.contains(answer.disconnectReason()),
          () -> Bytes.hex(packet) + " was answered with " + answer.hex());
      client.assertClosed();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void packetIdZero_isAProtocolError(Version version) throws Exception {
    for (boolean publish : List.of(true, false)) {
      try (RawClient client = WIRE.connected(version, "id0")) {
        String topic = client.topic(publish ? "heartbeat" : "command");
        client.send(
            publish
                ? Packets.publish(version, topic, 0, PAYLOAD)
                : Packets.subscribe(version, 0, topic));
        assertEndsWithAFault(client);
        assertTrue(WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).isEmpty());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void topicThatIsNoTopic_isNotForwarded(Version version) throws Exception {
    byte[] own = "earshot/v1/home/x/heartbeat".getBytes(UTF_8);
    byte[] zero = own.clone();
    zero[5] = 0; // U+0000
    byte[] broken = own.clone();
    broken[5] = (byte) 0xC3; // begins a character of two bytes, and is followed by none
    List<byte[]> topics =
        new ArrayList<>(List.of(zero, broken, "earshot/v1/home/+/heartbeat".getBytes(UTF_8)));
    topics.add(new byte[0]);
    for (byte[] topic : topics) {
      try (RawClient client = WIRE.connected(version, "no-topic")) {
        Bytes body = new Bytes().binary(topic);
        if (version == Version.V5) {
          body.u8(0); // no properties
        }
        client.send(body.raw(PAYLOAD).asPacket(0x30));
        if (version == Version.V5) {
          int reason = client.read().disconnectReason();
          // Malformed, a protocol error, or invalid as a topic name.
          assertTrue(List.of(0x81, 0x82, 0x90).contains(reason), () -> "" + reason);
        }
        client.assertClosed();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20 02 00 00", // CONNACK
        "50 02 00 01", // PUBREC
        "62 02 00 01", // PUBREL
        "70 02 00 01", // PUBCOMP
        "90 03 00 01 00", // SUBACK
        "b0 02 00 01", // UNSUBACK
        "d0 00" // PINGRESP
      })
  void packetThatOnlyAServerSends_orOfQos2_isAProtocolError(String hex) throws Exception {
    for (Version version : Version.values()) {
      try (RawClient client = WIRE.connected(version, "not-a-client")) {
        byte[] packet = Bytes.hex(hex);
        boolean needsProperties =
            version == Version.V5 && packet.length > 2 && List.of(2, 9, 11).contains(type(packet));
        client.send(needsProperties ? withProperties(packet) : packet);
        client.assertEnds(0x82);
        WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "protocol_error");
      }
    }
  }

  private static int type(byte[] packet) {
    return (packet[0] & 0xFF) >> 4;
  }

  /** The same packet in MQTT 5: with an empty list of properties after its first two bytes. */
  private static byte[] withProperties(byte[] packet) {
    return new Bytes()
        .raw(new byte[] {packet[2], packet[3]})
        .u8(0)
        .raw(Arrays.copyOfRange(packet, 4, packet.length))
        .asPacket(packet[0]);
  }

  @Test
  void auth_isAProtocolErrorIn5_andNoPacketIn311() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "auth")) {
      client.send(Bytes.hex("f0 02 18 00")); // AUTH: continue authentication, no properties
      client.assertEnds(0x82);
    }
    try (RawClient client = WIRE.connected(Version.V3_1_1, "auth")) {
      client.send(Bytes.hex("f0 00"));
      client.assertClosed();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void acknowledgementOfNothing_isIgnored(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "nothing")) {
      double before = WIRE.scrape().value("commands_acknowledged_total");
      client.send(Packets.puback(1), Packets.puback(65_535));
      client.assertAlive();
      assertEquals(before, WIRE.scrape().value("commands_acknowledged_total"));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void afterDisconnect_nothingIsTaken(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "after")) {
      client.send(
          Packets.DISCONNECT, Packets.publish(version, client.topic("heartbeat"), 1, PAYLOAD));
      client.assertClosed();
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "client_disconnected");
      assertTrue(WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).isEmpty());
    }
  }

  /** MQTT 5: malformed or a protocol error, which for this is a matter of taste. */
  private static void assertEndsWithAFault(RawClient client) throws IOException {
    if (client.version() == Version.V5) {
      Packet answer = client.read();
      assertTrue(List.of(0x81, 0x82).contains(answer.disconnectReason()), answer::hex);
    }
    client.assertClosed();
  }
}

package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.gateway.Await;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.RejectedMessage;
import dev.earshot.protocol.v1.SessionEvent;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Messages that no device may publish. A message that is acknowledged with a "no" (MQTT 5) or
 * acknowledged before the end (MQTT 3.1.1) is not sent again; its dead letter has its bytes.
 */
@Timeout(60)
class FaultIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final int MAX_PACKET = 256 << 10;

  /** What is wrong, MQTT 5's word for it, and the dead letter's. */
  private enum Fault {
    FOREIGN("foreign_topic", 0x87, client -> "earshot/v1/home/other/heartbeat", () -> good()),
    FOREIGN_FLEET("foreign_topic", 0x87, client -> "earshot/v1/far/other/status", () -> good()),
    COMMANDS("unknown_topic", 0x90, client -> client.topic("command"), () -> good()),
    CHANNEL("unknown_topic", 0x90, client -> client.topic("heartbeats"), () -> good()),
    SHORTER("unknown_topic", 0x90, client -> client.topic("heartbea"), () -> good()),
    ELSEWHERE("unknown_topic", 0x90, client -> "$SYS/küche", () -> good()),
    NOISE("undecodable", 0x99, client -> client.topic("heartbeat"), () -> new byte[] {1, 2, 3}),
    STATUS_NOISE(
        "undecodable", 0x99, client -> client.topic("status"), () -> new byte[] {(byte) 0xFF}),
    NO_BOOT("out_of_bounds", 0x99, client -> client.topic("heartbeat"), () -> new byte[0]),
    BATTERY(
        "out_of_bounds",
        0x99,
        client -> client.topic("heartbeat"),
        () -> TestObjects.heartbeat(0).setBatterySocPct(101).build().toByteArray()),
    LARGE("too_large", 0x97, client -> client.topic("heartbeat"), () -> new byte[4_097]);

    private final String reason;
    private final int code;
    private final Function<RawClient, String> topic;
    private final Supplier<byte[]> payload;

    Fault(String reason, int code, Function<RawClient, String> topic, Supplier<byte[]> payload) {
      this.reason = reason;
      this.code = code;
      this.topic = topic;
      this.payload = payload;
    }

    private static byte[] good() {
      return TestObjects.heartbeat(0).build().toByteArray();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void qos1In5_isAcknowledgedWithTheReason_andTheSessionGoesOn(Fault fault) throws Exception {
    double before = rejected(fault.reason);
    try (RawClient client = WIRE.connected(Version.V5, "fault")) {
      client.send(Packets.publish(Version.V5, fault.topic.apply(client), 77, fault.payload.get()));
      client.assertAcknowledged(77, fault.code);
      assertDeadLetter(client, fault);
      client.send(Packets.publish(Version.V5, client.topic("heartbeat"), 78, Fault.good()));
      client.assertAcknowledged(78);
      assertEquals(before + 1, rejected(fault.reason));
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void qos0In5_endsTheSessionWithTheReason(Fault fault) throws Exception {
    double before = rejected(fault.reason);
    try (RawClient client = WIRE.connected(Version.V5, "fault")) {
      client.send(
          Packets.publish(
              Version.V5,
              Packets.QOS_0,
              fault.topic.apply(client),
              0,
              new Bytes(),
              fault.payload.get()));
      client.assertEnds(fault.code);
      assertDeadLetter(client, fault);
      assertEquals(before + 1, rejected(fault.reason));
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "not_allowed");
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void qos1In311_isAcknowledged_thenClosed(Fault fault) throws Exception {
    double before = rejected(fault.reason);
    try (RawClient client = WIRE.connected(Version.V3_1_1, "fault")) {
      client.send(
          Packets.publish(Version.V3_1_1, client.topic("heartbeat"), 76, Fault.good()),
          Packets.publish(Version.V3_1_1, fault.topic.apply(client), 77, fault.payload.get()),
          // Behind the fault: not stored, not acknowledged, so it comes again.
          Packets.publish(Version.V3_1_1, client.topic("heartbeat"), 78, Fault.good()));
      client.assertAcknowledged(76);
      client.assertAcknowledged(77);
      client.assertClosed();
      assertDeadLetter(client, fault);
      assertEquals(1, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size());
      assertEquals(before + 1, rejected(fault.reason));
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "not_allowed");
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void qos0In311_isClosed(Fault fault) throws Exception {
    try (RawClient client = WIRE.connected(Version.V3_1_1, "fault")) {
      client.send(
          Packets.publish(
              Version.V3_1_1,
              Packets.QOS_0,
              fault.topic.apply(client),
              0,
              new Bytes(),
              fault.payload.get()));
      client.assertClosed();
      assertDeadLetter(client, fault);
    }
  }

  private static void assertDeadLetter(RawClient client, Fault fault) throws Exception {
    // No waiting: it was answered, so it is there.
    RejectedMessage letter = onlyLetter(client);
    assertEquals(fault.reason, letter.getReason());
    assertArrayEquals(fault.payload.get(), letter.getPayload().toByteArray());
    assertEquals(fault.topic.apply(client), letter.getSource());
    assertEquals(WireGateway.FLEET_TIME.toEpochMilli(), letter.getAtMs());
    assertTrue(!letter.getDetail().isEmpty(), letter::toString);
  }

  private static RejectedMessage onlyLetter(RawClient client)
      throws InvalidProtocolBufferException {
    var letters = WIRE.kafka().records(KafkaTopic.REJECTED, client.key());
    assertEquals(1, letters.size());
    return RejectedMessage.parseFrom(letters.getFirst().value());
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void largestPayload_isForwardedAsFarAsItsSizeGoes(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "fits")) {
      byte[] payload = new byte[4_096]; // no heartbeat, but not too large
      client.send(Packets.publish(version, client.topic("heartbeat"), 1, payload));
      client.read();
      assertEquals("undecodable", onlyLetter(client).getReason());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void qos2_isNotSupported(Version version) throws Exception {
    double before = rejected("qos_not_supported");
    try (RawClient client = WIRE.connected(version, "q2")) {
      client.send(
          Packets.publish(
              version, Packets.QOS_2, client.topic("heartbeat"), 1, new Bytes(), Fault.good()));
      client.assertEnds(0x9B);
      RejectedMessage letter = WIRE.kafka().deadLetters(client.key(), 1).getFirst();
      assertEquals("qos_not_supported", letter.getReason());
      assertArrayEquals(Fault.good(), letter.getPayload().toByteArray());
      awaitRejected("qos_not_supported", before + 1);
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "not_allowed");
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1"})
  void retainIn5_isNotSupported(int qos) throws Exception {
    double before = rejected("retain_not_supported");
    try (RawClient client = WIRE.connected(Version.V5, "retain")) {
      client.send(
          Packets.publish(
              Version.V5,
              qos << 1 | Packets.RETAIN,
              client.topic("heartbeat"),
              1,
              new Bytes(),
              Fault.good()));
      Packet answer = client.read();
      // A message that is known is acknowledged, so that it does not come again.
      Packet last = answer.first() == 0x40 ? client.read() : answer;
      assertEquals(0x9A, last.disconnectReason(), last::hex);
      client.assertClosed();
      RejectedMessage letter = WIRE.kafka().deadLetters(client.key(), 1).getFirst();
      assertEquals("retain_not_supported", letter.getReason());
      assertArrayEquals(Fault.good(), letter.getPayload().toByteArray());
      awaitRejected("retain_not_supported", before + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void largestPacket_isReadWhole(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "whole")) {
      int overhead =
          Packets.publish(version, client.topic("heartbeat"), 1, new byte[MAX_PACKET / 2]).length
              - MAX_PACKET / 2;
      byte[] payload = new byte[MAX_PACKET - overhead];
      Arrays.fill(payload, (byte) 7);
      byte[] packet = Packets.publish(version, client.topic("heartbeat"), 1, payload);
      assertEquals(MAX_PACKET, packet.length);
      client.send(packet);
      switch (version) {
        case V3_1_1 -> client.assertAcknowledged(1);
        case V5 -> client.assertAcknowledged(1, 0x97);
      }
      assertEquals("too_large", onlyLetter(client).getReason());
      assertArrayEquals(payload, onlyLetter(client).getPayload().toByteArray());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void largerPacket_isNotEvenRead(Version version) throws Exception {
    double before = rejected("packet_too_large");
    try (RawClient client = WIRE.connected(version, "larger")) {
      byte[] packet =
          new Bytes()
              .u8(0x32) // PUBLISH, QoS 1
              .varint(MAX_PACKET + 1 - 4) // with 1 + 3 bytes of fixed header: one byte too many
              .text(client.topic("heartbeat"))
              .done();
      client.send(packet);
      client.assertEnds(0x95);
      RejectedMessage letter = WIRE.kafka().deadLetters(client.key(), 1).getFirst();
      assertEquals("packet_too_large", letter.getReason());
      assertTrue(letter.getPayload().isEmpty());
      awaitRejected("packet_too_large", before + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void faultAmongGoodMessages_keepsTheOrderOfAcknowledgements(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "among")) {
      client.send(
          Packets.publish(version, client.topic("heartbeat"), 1, Fault.good()),
          Packets.publish(version, client.topic("heartbeat"), 2, Fault.good()),
          Packets.publish(version, client.topic("heartbeat"), 3, new byte[] {1}),
          Packets.publish(version, client.topic("heartbeat"), 4, Fault.good()));
      client.assertAcknowledged(1);
      client.assertAcknowledged(2);
      switch (version) {
        case V3_1_1 -> {
          client.assertAcknowledged(3);
          client.assertClosed();
        }
        case V5 -> {
          client.assertAcknowledged(3, 0x99);
          client.assertAcknowledged(4);
        }
      }
    }
  }

  private static void awaitRejected(String reason, double count) {
    Await.until(reason + " counted", () -> rejected(reason) == count);
  }

  private static double rejected(String reason) {
    return WIRE.scrape().value("messages_rejected_total", "reason=\"" + reason + "\"");
  }
}

package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device leaves to be published for it, and when it is. */
@Timeout(60)
class WillIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final byte[] STATUS = TestObjects.status().build().toByteArray();
  private static final byte[] HEARTBEAT = TestObjects.heartbeat(7).build().toByteArray();

  @ParameterizedTest
  @EnumSource(Version.class)
  void connectionLost_deliversTheWill(Version version) throws Exception {
    double before = WIRE.scrape().value("wills_total");
    RawClient client = withWill(version, "lost");
    client.close();
    assertDelivered(client, STATUS);
    WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "connection_lost");
    assertEquals(before + 1, WIRE.scrape().value("wills_total"));
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void disconnect_dropsTheWill(Version version) throws Exception {
    try (RawClient client = withWill(version, "goodbye")) {
      client.send(Packets.DISCONNECT);
      client.assertClosed();
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "client_disconnected");
      assertNone(client);
    }
  }

  @Test
  void disconnectWithWill_deliversIt() throws Exception {
    try (RawClient client = withWill(Version.V5, "disconnect-04")) {
      client.send(Packets.disconnect(0x04)); // Disconnect with Will Message
      client.assertClosed();
      assertDelivered(client, STATUS);
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "client_disconnected");
    }
  }

  @Test
  void disconnectWithAnyFault_deliversTheWill() throws Exception {
    try (RawClient client = withWill(Version.V5, "disconnect-80")) {
      client.send(Packets.disconnect(0x80)); // Unspecified error
      client.assertClosed();
      assertDelivered(client, STATUS);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void protocolError_deliversTheWill(Version version) throws Exception {
    try (RawClient client = withWill(version, "error")) {
      client.send(Bytes.hex("d0 00")); // PINGRESP, which no client may send
      client.assertEnds(0x82);
      assertDelivered(client, STATUS);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void takeover_deliversTheWillOfTheOlderSession(Version version) throws Exception {
    String name = WireGateway.name("successor");
    try (RawClient older = WireGateway.open(WIRE.gateway(), version, name)) {
      older.connected(older.connect().will(older.topic("status"), STATUS, 1));
      try (RawClient newer = WireGateway.open(WIRE.gateway(), version, name).connected()) {
        older.assertEnds(0x8E);
        assertDelivered(newer, STATUS);
      }
    }
  }

  @Test
  void willOfTheHeartbeatTopic_isAHeartbeat() throws Exception {
    RawClient client = WIRE.open(Version.V3_1_1, "beat");
    client.connected(client.connect().will(client.topic("heartbeat"), HEARTBEAT, 0));
    client.close();
    Await.until(
        "the will", () -> !WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).isEmpty());
    assertArrayEquals(
        HEARTBEAT, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).getFirst().value());
  }

  @Test
  void everyWillProperty_isTaken_andADelayIsNone() throws Exception {
    RawClient client = WIRE.open(Version.V5, "delay");
    client.connected(
        client
            .connect()
            .will(
                client.topic("status"),
                STATUS,
                1,
                new Bytes()
                    .u8(0x18) // Will Delay Interval: the session ends before, and so the delay
                    .u32(3_600)
                    .u8(0x01) // Payload Format Indicator: bytes
                    .u8(0)
                    .u8(0x02) // Message Expiry Interval
                    .u32(10)
                    .u8(0x03) // Content Type
                    .text("application/x-protobuf")
                    .u8(0x08) // Response Topic
                    .text("nowhere")
                    .u8(0x09) // Correlation Data
                    .binary(new byte[] {1, 2})
                    .u8(0x26) // User Property
                    .text("a")
                    .text("b")));
    client.close();
    assertDelivered(client, STATUS);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void willThatIsNoMessageOfTheDevice_isRefused(Version version) throws Exception {
    double before = WIRE.scrape().value("refusals_total", "reason=\"will\"");
    try (RawClient client = WIRE.open(version, "bad-will")) {
      String status = client.topic("status");
      List<Refused> refused =
          List.of(
              new Refused(client.connect().will("earshot/v1/home/other/status", STATUS, 1), 0x87),
              new Refused(client.connect().will(client.topic("command"), STATUS, 1), 0x87),
              new Refused(client.connect().will("somewhere", STATUS, 0), 0x87),
              new Refused(client.connect().will(status, STATUS, 2), 0x9B),
              new Refused(client.connect().will(status, STATUS, 1).willRetained(), 0x9A),
              new Refused(client.connect().will(status, new byte[] {1}, 1), 0x99),
              new Refused(client.connect().will(status, new byte[5_000], 1), 0x99),
              new Refused(client.connect().will(status, new byte[0], 1), 0x99)); // boot_id 0
      for (Refused each : refused) {
        assertRefused(version, each);
      }
      assertEquals(
          before + refused.size(), WIRE.scrape().value("refusals_total", "reason=\"will\""));
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.REFUSED, "will");
      assertNone(client);
    }
  }

  /** A will and MQTT 5's word for why not. */
  private record Refused(Connect connect, int reason) {}

  private static void assertRefused(Version version, Refused refused) throws IOException {
    try (RawClient client = WIRE.open(version, "unused")) {
      client.send(refused.connect().bytes());
      Packet answer = client.read();
      switch (version) {
        case V3_1_1 -> assertEquals("20 02 00 05", answer.hex()); // not authorized
        case V5 -> assertEquals(refused.reason(), answer.connAck().reason(), answer::hex);
      }
      client.assertClosed();
    }
  }

  private static RawClient withWill(Version version, String what) throws IOException {
    RawClient client = WIRE.open(version, what);
    return client.connected(client.connect().will(client.topic("status"), STATUS, 1));
  }

  /** Exactly one, as if the device had published it. */
  private static void assertDelivered(RawClient client, byte[] payload) {
    Await.until("the will", () -> !statuses(client).isEmpty());
    List<ConsumerRecord<String, byte[]>> records = statuses(client);
    assertEquals(1, records.size());
    assertArrayEquals(payload, records.getFirst().value());
    assertEquals(
        String.valueOf(WireGateway.FLEET_TIME.toEpochMilli()),
        new String(
            records.getFirst().headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER).value(),
            StandardCharsets.UTF_8));
  }

  /** Of a session whose end is in Kafka already. */
  private static void assertNone(RawClient client) {
    assertTrue(statuses(client).isEmpty());
  }

  private static List<ConsumerRecord<String, byte[]>> statuses(RawClient client) {
    return WIRE.kafka().records(KafkaTopic.STATUS, client.key());
  }
}

package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much a device may have under way: a gateway whose Receive Maximum is four. */
@Timeout(60)
class FlowIT {
  @RegisterExtension
  static final WireGateway WIRE = WireGateway.with(Map.of("EARSHOT_MAX_IN_FLIGHT_PER_DEVICE", "4"));

  private static final int RECEIVE_MAXIMUM = 4;
  private static final int MANY = 64;
  private static final byte[] PAYLOAD = TestObjects.heartbeat(0).build().toByteArray();

  @Test
  void receiveMaximum_isTold() throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "told")) {
      client.send(client.connect().bytes());
      assertEquals(RECEIVE_MAXIMUM, client.read().connAck().properties().get(0x21));
    }
  }

  @Test
  void moreUnacknowledgedThanThat_endsTheSession() throws Exception {
    String reason = "reason=\"receive_maximum_exceeded\"";
    double before = WIRE.scrape().value("disconnects_total", reason);
    try (RawClient client = WIRE.connected(Version.V5, "exceeds")) {
      client.send(many(client, Packets.QOS_1, MANY));
      int acknowledged = 0;
      Packet packet = client.read();
      while (packet.first() == 0x40) {
        acknowledged++;
        assertEquals(acknowledged, packet.packetId());
        packet = client.read();
      }
      assertEquals(0x93, packet.disconnectReason(), packet::hex);
      client.assertClosed();
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "receive_maximum_exceeded");
      assertTrue(acknowledged < MANY, () -> "all were acknowledged");
      assertTrue(
          WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size() >= acknowledged,
          "acknowledged, but not stored");
      assertEquals(before + 1, WIRE.scrape().value("disconnects_total", reason));
    }
  }

  @Test
  void asManyAsThat_areFine_againAndAgain() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "keeps")) {
      for (int round = 0; round < 50; round++) {
        client.send(many(client, Packets.QOS_1, RECEIVE_MAXIMUM));
        for (int i = 1; i <= RECEIVE_MAXIMUM; i++) {
          client.assertAcknowledged(i);
        }
      }
      client.assertAlive();
    }
  }

  @Test
  void qos0_doesNotCount() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "q0")) {
      client.send(many(client, Packets.QOS_0, MANY));
      client.assertAlive();
      Await.until(
          "all are stored",
          () -> WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size() == MANY);
    }
  }

  @Test
  void in311_theSocketIsNotReadMeanwhile_andNothingIsLost() throws Exception {
    try (RawClient client = WIRE.connected(Version.V3_1_1, "waits")) {
      client.send(many(client, Packets.QOS_1, MANY));
      for (int i = 1; i <= MANY; i++) {
        client.assertAcknowledged(i);
      }
      client.assertAlive();
      assertEquals(MANY, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size());
      assertEquals(0, WIRE.scrape().value("paused_sockets", "why=\"in_flight\""));
    }
  }

  private static byte[] many(RawClient client, int qos, int count) {
    Bytes all = new Bytes();
    for (int i = 1; i <= count; i++) {
      all.raw(
          Packets.publish(
              client.version(), qos, client.topic("heartbeat"), i, new Bytes(), PAYLOAD));
    }
    return all.done();
  }
}

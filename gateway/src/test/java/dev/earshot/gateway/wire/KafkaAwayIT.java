package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.gateway.Await;
import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.Scrape;
import dev.earshot.gateway.TestObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What devices are told while Kafka is away. It has a broker of its own, to stop. */
@Timeout(120)
class KafkaAwayIT {
  private static final byte[] PAYLOAD = TestObjects.heartbeat(0).build().toByteArray();

  @TempDir Path folder;

  @Test
  void kafkaAway_isSaidWithoutAcknowledging_andNobodyIsLetInUntilItIsBack() throws Exception {
    EmbeddedBroker first = EmbeddedBroker.start(folder, 0);
    try (Gateway gateway =
            WireGateway.start(
                first.bootstrap(), "wire-away", Map.of("EARSHOT_DELIVERY_TIMEOUT", "PT1S"));
        RawClient old = WireGateway.open(gateway, Version.V3_1_1, "old").connected();
        RawClient recent = WireGateway.open(gateway, Version.V5, "recent").connected();
        RawClient idle = WireGateway.open(gateway, Version.V5, "idle").connected()) {
      for (RawClient client : new RawClient[] {old, recent}) {
        client.send(Packets.publish(client.version(), client.topic("heartbeat"), 1, PAYLOAD));
        client.assertAcknowledged(1);
      }
      int port = first.port();
      first.close();
      for (RawClient client : new RawClient[] {old, recent}) {
        client.send(Packets.publish(client.version(), client.topic("heartbeat"), 2, PAYLOAD));
      }
      recent.assertEnds(0x89); // Server busy: come back, and send it again
      old.assertEnds(0x89);
      idle.assertAlive();

      Await.until("refused", () -> code(gateway, Version.V3_1_1) == 3);
      assertEquals(0x88, code(gateway, Version.V5)); // Server unavailable
      double refused = new Scrape(gateway).value("refusals_total", "reason=\"kafka_unavailable\"");
      assertTrue(refused >= 2, () -> refused + " refusals");

      try (EmbeddedBroker second = EmbeddedBroker.start(folder, port)) {
        assertEquals(port, second.port());
        Await.until("let in", () -> code(gateway, Version.V5) == 0);
        try (RawClient back = WireGateway.open(gateway, Version.V5, "recent").connected()) {
          back.send(Packets.publish(Version.V5, back.topic("heartbeat"), 2, PAYLOAD));
          back.assertAcknowledged(2);
        }
        idle.assertAlive();
      }
    }
  }

  /** What CONNACK says, in the words of that version. */
  private static int code(Gateway gateway, Version version) {
    try (RawClient client = WireGateway.open(gateway, version, "asking")) {
      client.send(client.connect().bytes());
      return client.read().body()[1] & 0xFF;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

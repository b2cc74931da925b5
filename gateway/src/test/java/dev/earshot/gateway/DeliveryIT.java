package dev.earshot.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is in Kafka, whatever happens; and everything is accounted for. */
@Timeout(120)
class DeliveryIT {
  @TempDir Path folder;

  @Test
  void brokerAway_nothingIsAcknowledgedUntilItIsStored() throws Exception {
    try (EmbeddedBroker first = EmbeddedBroker.start(folder, 0);
        Gateway gateway =
            Gateway.start(
                TestObjects.config(first.bootstrap(), limits(10_000, Duration.ofSeconds(2))),
                InstantSource.system());
        PahoDevice device = PahoDevice.connected("patient", gateway.mqttPort())) {
      device.publishAcknowledged(device.topic("heartbeat"), heartbeat(0));
      stop(first);
      IMqttDeliveryToken token = device.publish(device.topic("heartbeat"), heartbeat(1), 1);
      Await.until("disconnect", device::isLost);
      assertFalse(isAcknowledged(token), "acknowledged, but not stored");
      Scrape scrape = new Scrape(gateway);
      assertEquals(1, scrape.value("messages_failed_total"));
      Await.until(
          "not ready", () -> scrape.get("/health/ready").body().contains("does not answer"));

      try (EmbeddedBroker second = EmbeddedBroker.start(folder, first.port())) {
        KafkaTap kafka = new KafkaTap(second.bootstrap());
        Await.until(
            "sent again and stored",
            () -> {
              device.reconnectIfLost();
              return sequences(kafka, device).contains(1);
            });
        device.publishAcknowledged(device.topic("heartbeat"), heartbeat(2));
        assertEquals(Set.of(0, 1, 2), sequences(kafka, device));
        assertBalanced(scrape);
        device.disconnect();
      }
    }
  }

  @Test
  void moreThanMayBeInFlight_socketsWaitAndNothingIsLost() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        Gateway gateway =
            Gateway.start(
                TestObjects.config(broker.bootstrap(), limits(4, Duration.ofSeconds(20))),
                InstantSource.system());
        PahoDevice one = PahoDevice.connected("one", gateway.mqttPort());
        PahoDevice two = PahoDevice.connected("two", gateway.mqttPort())) {
      int count = 200;
      List<IMqttDeliveryToken> tokens = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tokens.add(one.publish(one.topic("heartbeat"), heartbeat(i), 1));
        tokens.add(two.publish(two.topic("heartbeat"), heartbeat(i), 1));
      }
      for (IMqttDeliveryToken token : tokens) {
        token.waitForCompletion(20_000);
      }
      KafkaTap kafka = new KafkaTap(broker.bootstrap());
      assertEquals(count, sequences(kafka, one).size());
      assertEquals(count, sequences(kafka, two).size());

      Scrape scrape = new Scrape(gateway);
      assertEquals(2 * count, scrape.value("messages_received_total"));
      assertBalanced(scrape);
      assertEquals(0, scrape.value("paused_sockets", "why=\"kafka\""));
      assertEquals(2, scrape.value("connections"));
      assertEquals(2 * count, scrape.value("publish_ack_seconds_count"));
    }
  }

  @Test
  void closedUnderLoad_whatWasAcknowledgedIsStored() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      Gateway gateway =
          Gateway.start(
              TestObjects.config(broker.bootstrap(), limits(10_000, Duration.ofSeconds(20))),
              InstantSource.system());
      try (PahoDevice device = PahoDevice.connected("busy", gateway.mqttPort())) {
        List<IMqttDeliveryToken> tokens = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
          tokens.add(device.publish(device.topic("heartbeat"), heartbeat(i), 1));
        }
        Await.until("the first acknowledgement", tokens.getFirst()::isComplete);
        gateway.close();
        Await.until("disconnect", device::isLost);

        KafkaTap kafka = new KafkaTap(broker.bootstrap());
        Set<Integer> stored = sequences(kafka, device);
        for (int i = 0; i < tokens.size(); i++) {
          if (isAcknowledged(tokens.get(i))) {
            assertTrue(stored.contains(i), "acknowledged, but not stored: " + i);
          }
        }
        SessionEvent last = kafka.sessionEvents(device.key()).getLast();
        assertEquals(SessionEvent.Kind.DISCONNECTED, last.getKind());
        assertEquals("gateway_closing", last.getReason());
      }
    }
  }

  @Test
  void closedWhileKafkaIsAway_waitsForWhatItHasReadAndAcknowledgesIt() throws Exception {
    try (EmbeddedBroker first = EmbeddedBroker.start(folder, 0)) {
      Gateway gateway =
          Gateway.start(
              TestObjects.config(first.bootstrap(), limits(10_000, Duration.ofSeconds(60))),
              InstantSource.system());
      Scrape scrape = new Scrape(gateway);
      try (PahoDevice device = PahoDevice.connected("late", gateway.mqttPort())) {
        stop(first);
        IMqttDeliveryToken token = device.publish(device.topic("heartbeat"), heartbeat(0), 1);
        Await.until("in flight", () -> scrape.value("in_flight_messages") == 1);
        Thread closing = Thread.ofPlatform().start(gateway::close);
        try (EmbeddedBroker second = EmbeddedBroker.start(folder, first.port())) {
          closing.join();
          // The client hears of it on threads of its own.
          Await.until("read and stored, so acknowledged", () -> isAcknowledged(token));
          assertEquals(Set.of(0), sequences(new KafkaTap(second.bootstrap()), device));
          Await.until("disconnect", device::isLost);
        }
      }
    }
  }

  private static void stop(EmbeddedBroker broker) {
    broker.close();
  }

  private static boolean isAcknowledged(IMqttDeliveryToken token) {
    return token.isComplete() && token.getException() == null;
  }

  private static void assertBalanced(Scrape scrape) {
    assertEquals(0, scrape.value("in_flight_messages"));
    assertEquals(0, scrape.value("in_flight_bytes"));
    assertEquals(
        scrape.value("messages_received_total"),
        scrape.value("messages_forwarded_total")
            + scrape.sum("messages_rejected_total")
            + scrape.value("messages_failed_total"));
    assertEquals(
        scrape.value("commands_received_total"),
        scrape.value("commands_delivered_total") + scrape.sum("commands_undeliverable_total"));
  }

  private static GatewayConfig.Limits limits(int maxInFlightMessages, Duration deliveryTimeout) {
    return new GatewayConfig.Limits(
        2,
        4096,
        maxInFlightMessages,
        1 << 20,
        deliveryTimeout,
        Duration.ofSeconds(30),
        Duration.ZERO);
  }

  private static byte[] heartbeat(int sequence) {
    return TestObjects.heartbeat(sequence).build().toByteArray();
  }

  private static Set<Integer> sequences(KafkaTap kafka, PahoDevice device) {
    Set<Integer> sequences = new TreeSet<>();
    kafka
        .records(KafkaTopic.HEARTBEAT, device.key())
        .forEach(
            record -> {
              try {
                sequences.add(Heartbeat.parseFrom(record.value()).getSequence());
              } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            });
    return sequences;
  }
}

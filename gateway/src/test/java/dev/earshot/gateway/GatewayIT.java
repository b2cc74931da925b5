package dev.earshot.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.RejectedMessage;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.service.StartException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One gateway on one real broker; each test is a device of its own. */
@Timeout(120)
class GatewayIT {
  private static final Instant FLEET_TIME = Instant.parse("2031-05-01T12:00:00.123Z");

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static Gateway gateway;
  private static KafkaTap kafka;
  private static Scrape scrape;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(folder, 0);
    gateway =
        Gateway.start(TestObjects.config(broker.bootstrap()), InstantSource.fixed(FLEET_TIME));
    kafka = new KafkaTap(broker.bootstrap());
    scrape = new Scrape(gateway);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    broker.close();
  }

  @Test
  void heartbeatAcknowledged_isInKafkaAsItCame() throws Exception {
    try (PahoDevice device = PahoDevice.connected("a", gateway.mqttPort())) {
      byte[] payload = TestObjects.heartbeat(0).build().toByteArray();
      device.publishAcknowledged(device.topic("heartbeat"), payload);

      List<ConsumerRecord<String, byte[]>> records = kafka.records(KafkaTopic.HEARTBEAT, "home/a");
      assertEquals(1, records.size());
      assertArrayEquals(payload, records.get(0).value());
      assertEquals(
          String.valueOf(FLEET_TIME.toEpochMilli()),
          new String(
              records.get(0).headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER).value(), UTF_8));
    }
  }

  @Test
  void statusAcknowledged_isInKafkaAsItCame() throws Exception {
    try (PahoDevice device = PahoDevice.connected("status", gateway.mqttPort())) {
      byte[] payload = TestObjects.status().build().toByteArray();
      device.publishAcknowledged(device.topic("status"), payload);
      assertArrayEquals(payload, kafka.records(KafkaTopic.STATUS, device.key()).get(0).value());
    }
  }

  @Test
  void undecodableHeartbeat_isAcknowledgedAsADeadLetterAndDisconnects() throws Exception {
    try (PahoDevice device = PahoDevice.connected("noise", gateway.mqttPort())) {
      byte[] payload = "no heartbeat".getBytes(UTF_8);
      device.publishAcknowledged(device.topic("heartbeat"), payload);

      // No waiting: it was acknowledged, so it is there.
      RejectedMessage letter =
          RejectedMessage.parseFrom(
              kafka.records(KafkaTopic.REJECTED, device.key()).get(0).value());
      assertEquals(ByteString.copyFrom(payload), letter.getPayload());
      assertEquals("undecodable", letter.getReason());
      assertEquals("earshot/v1/home/noise/heartbeat", letter.getSource());
      assertEquals(FLEET_TIME.toEpochMilli(), letter.getAtMs());
      assertTrue(letter.getDetail().startsWith("not a Heartbeat: "), letter::getDetail);
      assertTrue(kafka.records(KafkaTopic.HEARTBEAT, device.key()).isEmpty());
      Await.until("disconnect", device::isLost);
    }
  }

  @Test
  void oversizedPayload_isAcknowledgedAndBecomesADeadLetter() throws Exception {
    try (PahoDevice device = PahoDevice.connected("fat", gateway.mqttPort())) {
      byte[] payload = new byte[5_000];
      device.publishAcknowledged(device.topic("heartbeat"), payload);
      RejectedMessage letter = kafka.deadLetters(device.key(), 1).get(0);
      assertEquals("too_large", letter.getReason());
      assertEquals("5000 bytes (expected: at most 4096)", letter.getDetail());
      assertEquals(5_000, letter.getPayload().size());
    }
  }

  @Test
  void packetTooLargeToRead_disconnectsAndLeavesATrace() throws Exception {
    try (PahoDevice device = PahoDevice.connected("huge", gateway.mqttPort())) {
      device.publish(device.topic("heartbeat"), new byte[1 << 20], 1);
      Await.until("disconnect", device::isLost);
      RejectedMessage letter = kafka.deadLetters(device.key(), 1).get(0);
      assertEquals("packet_too_large", letter.getReason());
      assertTrue(letter.getPayload().isEmpty());
      awaitLastEvent(device, SessionEvent.Kind.DISCONNECTED, "malformed_packet");
    }
  }

  @Test
  void topicOfAnotherDevice_isRefusedAndDisconnects() throws Exception {
    try (PahoDevice device = PahoDevice.connected("liar", gateway.mqttPort())) {
      byte[] payload = TestObjects.heartbeat(0).build().toByteArray();
      device.publish("earshot/v1/home/victim/heartbeat", payload, 1);
      Await.until("disconnect", device::isLost);

      RejectedMessage letter = kafka.deadLetters(device.key(), 1).get(0);
      assertEquals("foreign_topic", letter.getReason());
      assertEquals("topic of home/victim, sent by home/liar", letter.getDetail());
      assertEquals(ByteString.copyFrom(payload), letter.getPayload());
      assertTrue(kafka.records(KafkaTopic.HEARTBEAT, "home/victim").isEmpty());
      awaitLastEvent(device, SessionEvent.Kind.DISCONNECTED, "not_allowed");
    }
  }

  @Test
  void otherTopicOrQos2_isRefusedAndDisconnects() throws Exception {
    try (PahoDevice device = PahoDevice.connected("odd", gateway.mqttPort())) {
      device.publish(device.topic("command"), new byte[] {1}, 1);
      Await.until("disconnect", device::isLost);
      device.reconnect();
      device.publish(device.topic("heartbeat"), TestObjects.heartbeat(0).build().toByteArray(), 2);
      Await.until("disconnect", device::isLost);
      List<RejectedMessage> letters = kafka.deadLetters(device.key(), 2);
      assertEquals("unknown_topic", letters.get(0).getReason());
      assertEquals(
          "devices do not publish to 'earshot/v1/home/odd/command'", letters.get(0).getDetail());
      assertEquals("qos_not_supported", letters.get(1).getReason());
    }
  }

  @Test
  void subscriptionToAnythingElse_isRefusedAndDisconnects() throws Exception {
    for (String filter :
        List.of(
            "earshot/v1/home/#", "earshot/v1/home/+/command", "earshot/v1/home/other/command")) {
      try (PahoDevice device = PahoDevice.connected("nosy", gateway.mqttPort())) {
        assertFalse(device.subscribe(filter));
        Await.until("disconnect", device::isLost);
      }
    }
    List<RejectedMessage> letters = kafka.deadLetters("home/nosy", 3);
    assertEquals("subscription", letters.get(0).getReason());
    assertEquals("earshot/v1/home/#", letters.get(0).getSource());
  }

  @Test
  void command_reachesTheDeviceThatSubscribed() throws Exception {
    try (PahoDevice device = PahoDevice.connected("told", gateway.mqttPort())) {
      assertTrue(device.subscribe(device.topic("command")));
      double acknowledged = scrape.value("commands_acknowledged_total");
      byte[] command = {1, 2, 3};
      kafka.command(device.key(), command);
      assertArrayEquals(command, device.commands().poll(20, TimeUnit.SECONDS));
      Await.until(
          "acknowledgement counted",
          () -> scrape.value("commands_acknowledged_total") == acknowledged + 1);
    }
  }

  @Test
  void commandForNobody_isCountedAndNotKept() throws Exception {
    String noSession = "reason=\"no_session\"";
    String notSubscribed = "reason=\"not_subscribed\"";
    double before = scrape.value("commands_undeliverable_total", noSession);
    kafka.command("home/away", new byte[] {1});
    Await.until(
        "undeliverable",
        () -> scrape.value("commands_undeliverable_total", noSession) == before + 1);
    try (PahoDevice device = PahoDevice.connected("away", gateway.mqttPort())) {
      kafka.command("home/away", new byte[] {2});
      Await.until(
          "undeliverable", () -> scrape.value("commands_undeliverable_total", notSubscribed) >= 1);
      assertTrue(device.subscribe(device.topic("command")));
      kafka.command("home/away", new byte[] {3});
      assertArrayEquals(new byte[] {3}, device.commands().poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void secondConnectionOfADevice_takesOver() throws Exception {
    try (PahoDevice older = PahoDevice.connected("twin", gateway.mqttPort());
        PahoDevice newer = PahoDevice.connected("twin", gateway.mqttPort())) {
      Await.until("the older one is disconnected", older::isLost);
      assertTrue(newer.subscribe(newer.topic("command")));
      kafka.command(newer.key(), new byte[] {9});
      assertArrayEquals(new byte[] {9}, newer.commands().poll(20, TimeUnit.SECONDS));
      newer.disconnect();
      awaitLastEvent(newer, SessionEvent.Kind.DISCONNECTED, "client_disconnected");

      List<SessionEvent> events = kafka.sessionEvents(newer.key());
      assertEquals(
          List.of(
              SessionEvent.Kind.CONNECTED,
              SessionEvent.Kind.TAKEN_OVER,
              SessionEvent.Kind.CONNECTED,
              SessionEvent.Kind.DISCONNECTED),
          events.stream().map(SessionEvent::getKind).toList());
      assertEquals(events.get(0).getEpoch(), events.get(1).getEpoch());
      assertTrue(events.get(2).getEpoch() > events.get(1).getEpoch());
      assertEquals(events.get(2).getEpoch(), events.get(3).getEpoch());
      assertEquals("gateway-test", events.get(0).getGateway());
      assertEquals(FLEET_TIME.toEpochMilli(), events.get(0).getAtMs());
    }
  }

  @Test
  void withoutIdentity_connectionIsRefused() throws Exception {
    try (PahoDevice device = PahoDevice.unconnected("anonymous", gateway.mqttPort())) {
      for (String username : List.of("", "no-fleet", "home/with space")) {
        MqttException refused =
            assertThrows(MqttException.class, () -> device.connect(PahoDevice.options(username)));
        assertEquals(MqttException.REASON_CODE_NOT_AUTHORIZED, refused.getReasonCode());
      }
    }
  }

  @Test
  void olderProtocolOrWill_isRefusedAndTold() throws Exception {
    try (PahoDevice device = PahoDevice.unconnected("old", gateway.mqttPort())) {
      MqttConnectOptions oldProtocol = PahoDevice.options(device.key());
      oldProtocol.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1);
      MqttException version = assertThrows(MqttException.class, () -> device.connect(oldProtocol));
      assertEquals(MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION, version.getReasonCode());
      awaitLastEvent(device, SessionEvent.Kind.REFUSED, "protocol_version");

      MqttConnectOptions will = PahoDevice.options(device.key());
      will.setWill(device.topic("status"), new byte[] {1}, 1, false);
      MqttException refused = assertThrows(MqttException.class, () -> device.connect(will));
      assertEquals(MqttException.REASON_CODE_NOT_AUTHORIZED, refused.getReasonCode());
      awaitLastEvent(device, SessionEvent.Kind.REFUSED, "will");
    }
  }

  @Test
  void health_isReadyAndNamesWhatIsNot() {
    Await.until("ready", () -> scrape.get("/health/ready").status() == 200);
    assertEquals(200, scrape.get("/health/live").status());
  }

  @Test
  void portInUse_saysSo() {
    GatewayConfig taken = TestObjects.config(broker.bootstrap());
    GatewayConfig config =
        TestObjects.config(
            taken.kafka(), gateway.mqttPort(), "second", taken.identity(), taken.limits());
    StartException refused =
        assertThrows(StartException.class, () -> Gateway.start(config, InstantSource.system()));
    assertEquals(
        "port "
            + gateway.mqttPort()
            + " is in use: the gateway can't listen there for MQTT; stop what listens, or set"
            + " another with EARSHOT_MQTT_PORT",
        refused.getMessage());
  }

  private static void awaitLastEvent(PahoDevice device, SessionEvent.Kind kind, String reason) {
    Await.until(
        kind + " " + reason + " of " + device.key(),
        () -> {
          try {
            List<SessionEvent> events = kafka.sessionEvents(device.key());
            return !events.isEmpty()
                && events.getLast().getKind() == kind
                && events.getLast().getReason().equals(reason);
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        });
  }
}

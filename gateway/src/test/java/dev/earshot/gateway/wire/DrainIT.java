package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway that closes: each test drains one of its own. */
@Timeout(60)
class DrainIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final long SPREAD_MILLIS = 2_000;

  @Test
  void sessions_endWithTheReason_spreadOverTime_andNobodyComesIn() throws Exception {
    Gateway gateway = WIRE.startAnother("wire-spread", Map.of("EARSHOT_DRAIN_SPREAD", "PT2S"));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Version version = i % 2 == 0 ? Version.V5 : Version.V3_1_1;
      clients.add(WireGateway.open(gateway, version, WireGateway.name("drained")).connected());
    }
    long since = System.nanoTime();
    Thread closing = Thread.ofPlatform().start(gateway::close);
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> ends =
          readers.invokeAll(
              clients.stream()
                  .<Callable<Long>>map(client -> () -> endedAfterMillis(client, since))
                  .toList());
      List<Long> millis = new ArrayList<>();
      for (Future<Long> end : ends) {
        millis.add(end.get());
      }
      long first = millis.stream().mapToLong(Long::longValue).min().orElseThrow();
      long last = millis.stream().mapToLong(Long::longValue).max().orElseThrow();
      assertTrue(
          last - first >= SPREAD_MILLIS / 4 && last <= SPREAD_MILLIS + 3_000,
          () -> "ended after " + millis.stream().sorted().toList() + " ms");
    }
    closing.join();
    for (RawClient client : clients) {
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "gateway_closing");
      client.close();
    }
  }

  private static long endedAfterMillis(RawClient client, long since) throws IOException {
    client.assertEnds(0x8B); // Server shutting down
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void whileDraining_newConnectionsAreRefused(Version version) throws Exception {
    Gateway gateway = WIRE.startAnother("wire-refusing", Map.of("EARSHOT_DRAIN_SPREAD", "PT2S"));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(WireGateway.open(gateway, version, WireGateway.name("inside")).connected());
    }
    int port = gateway.mqttPort();
    Thread closing = Thread.ofPlatform().start(gateway::close);
    // As soon as anybody is sent away, nobody is let in.
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      readers.invokeAny(
          clients.stream()
              .<Callable<Boolean>>map(
                  client ->
                      () -> {
                        client.assertEnds(0x8B);
                        return true;
                      })
              .toList());
    }
    assertRefused(version, port);
    closing.join();
    clients.forEach(RawClient::close);
  }

  private static void assertRefused(Version version, int port) throws IOException {
    try (RawClient late = new RawClient(Line.tcp(port), version, WireGateway.name("late"))) {
      late.send(late.connect().bytes());
      Packet answer = late.read();
      switch (version) {
        case V3_1_1 -> assertEquals("20 02 00 03", answer.hex()); // server unavailable
        case V5 -> assertEquals(0x88, answer.connAck().reason(), answer::hex);
      }
      late.assertClosed();
    } catch (ConnectException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("refused"), e::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void whatWasRead_isAcknowledgedBeforeTheEnd(Version version) throws Exception {
    Gateway gateway =
        WIRE.startAnother(
            "wire-finishing",
            Map.of("EARSHOT_DRAIN_SPREAD", "PT0S", "EARSHOT_MAX_IN_FLIGHT_PER_DEVICE", "1000"));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(WireGateway.open(gateway, version, WireGateway.name("busy")).connected());
    }
    for (RawClient client : clients) {
      Bytes burst = new Bytes();
      for (int i = 1; i <= 500; i++) {
        burst.raw(
            Packets.publish(
                version,
                client.topic("heartbeat"),
                i,
                TestObjects.heartbeat(i).build().toByteArray()));
      }
      client.send(burst.done());
    }
    clients.getFirst().assertAcknowledged(1);
    gateway.close();
    for (RawClient client : clients) {
      Set<Integer> acknowledged =
          new HashSet<>(client == clients.getFirst() ? Set.of(1) : Set.of());
      Packet packet = client.read(15_000);
      while (packet != null && packet.first() == 0x40) {
        acknowledged.add(packet.packetId());
        packet = client.read(15_000);
      }
      switch (version) {
        case V3_1_1 -> assertEquals(null, packet);
        case V5 -> {
          assertEquals(0x8B, Objects.requireNonNull(packet).disconnectReason());
          client.assertClosed();
        }
      }
      Set<Integer> stored = new HashSet<>();
      for (ConsumerRecord<String, byte[]> record :
          WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key())) {
        stored.add(Heartbeat.parseFrom(record.value()).getSequence());
      }
      // Kafka was there all the time: what was stored is acknowledged, and the other way round.
      assertEquals(stored, acknowledged);
      client.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void will_isDeliveredToKafkaBeforeTheGatewayIsGone(Version version) throws Exception {
    Gateway gateway = WIRE.startAnother("wire-willing", Map.of("EARSHOT_DRAIN_SPREAD", "PT0S"));
    byte[] will = TestObjects.status().build().toByteArray();
    try (RawClient client = WireGateway.open(gateway, version, WireGateway.name("willing"))) {
      client.connected(client.connect().will(client.topic("status"), will, 1));
      gateway.close();
      client.assertEnds(0x8B);
      assertArrayEquals(
          will, WIRE.kafka().records(KafkaTopic.STATUS, client.key()).getFirst().value());
    }
  }
}

package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.Scrape;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device connects again before its older connection has ended; on this gateway or another. */
@Timeout(60)
class TakeoverIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final byte[] HEARTBEAT = TestObjects.heartbeat(0).build().toByteArray();

  private static Gateway other;

  @BeforeAll
  static void startAnother() {
    other = WIRE.startAnother("wire-other", Map.of());
  }

  @AfterAll
  static void stopTheOther() {
    other.close();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void newerConnection_endsTheOlder_andGetsTheCommands(Version version) throws Exception {
    String name = WireGateway.name("twin");
    try (RawClient older = WireGateway.open(WIRE.gateway(), version, name).connected()) {
      older.subscribe();
      try (RawClient newer = WireGateway.open(WIRE.gateway(), version, name).connected()) {
        older.assertEnds(0x8E); // Session taken over
        newer.subscribe();
        WIRE.kafka().command(newer.key(), new byte[] {9});
        assertArrayEquals(new byte[] {9}, newer.read().publish(version).payload());
        newer.send(Packets.publish(version, newer.topic("heartbeat"), 1, HEARTBEAT));
        newer.assertAcknowledged(1);

        // The older one's late words and late end are its own affair.
        older.close();
        newer.assertAlive();
        newer.send(Packets.DISCONNECT);
        newer.assertClosed();
        WIRE.awaitLastEvent(newer.key(), SessionEvent.Kind.DISCONNECTED, "client_disconnected");
        assertHandedOver(newer.key());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void olderConnectionThatStaysOpen_cantActForTheDevice(Version version) throws Exception {
    String name = WireGateway.name("ghost");
    try (RawClient older = WireGateway.open(WIRE.gateway(), version, name).connected();
        RawClient newer = WireGateway.open(WIRE.gateway(), version, name).connected()) {
      // Before it has read that it was ended.
      older.send(
          Packets.subscribe(version, 1, older.topic("command")),
          Packets.publish(version, older.topic("heartbeat"), 2, HEARTBEAT),
          Packets.DISCONNECT);
      older.assertEnds(0x8E);
      newer.subscribe();
      WIRE.kafka().command(newer.key(), new byte[] {9});
      assertArrayEquals(new byte[] {9}, newer.read().publish(version).payload());
      assertTrue(WIRE.kafka().records(KafkaTopic.HEARTBEAT, newer.key()).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void manyTimesInARow_onlyTheLastStays(Version version) throws Exception {
    String name = WireGateway.name("flapping");
    int times = 20;
    RawClient[] clients = new RawClient[times];
    for (int i = 0; i < times; i++) {
      clients[i] = WireGateway.open(WIRE.gateway(), version, name).connected();
    }
    for (int i = 0; i < times - 1; i++) {
      clients[i].assertEnds(0x8E);
      clients[i].close();
    }
    clients[times - 1].assertAlive();
    clients[times - 1].close();
    WIRE.awaitLastEvent("home/" + name, SessionEvent.Kind.DISCONNECTED, "connection_lost");
    List<SessionEvent> events = WIRE.events("home/" + name);
    assertEquals(2 * times, events.size());
    for (int i = 0; i < times; i++) {
      assertEquals(events.get(2 * i).getEpoch(), events.get(2 * i + 1).getEpoch());
    }
    List<Long> epochs = events.stream().map(SessionEvent::getEpoch).toList();
    assertEquals(epochs.stream().sorted().toList(), epochs);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void newerConnectionOnAnotherGateway_endsTheOlderHere(Version version) throws Exception {
    String reason = "reason=\"taken_over_elsewhere\"";
    double before = WIRE.scrape().value("disconnects_total", reason);
    double delivered = new Scrape(other).value("commands_delivered_total");
    String name = WireGateway.name("moving");
    try (RawClient older = WireGateway.open(WIRE.gateway(), version, name).connected()) {
      older.subscribe();
      try (RawClient newer = WireGateway.open(other, version, name).connected()) {
        older.assertEnds(0x8E);
        newer.subscribe();
        WIRE.kafka().command(newer.key(), new byte[] {9});
        assertArrayEquals(new byte[] {9}, newer.read().publish(version).payload());
        newer.assertAlive();
        assertEquals(delivered + 1, new Scrape(other).value("commands_delivered_total"));
        assertEquals(before + 1, WIRE.scrape().value("disconnects_total", reason));
        newer.send(Packets.DISCONNECT);
        newer.assertClosed();
      }
    }
    // Written by two gateways, so in no certain order.
    Await.until("all events", () -> WIRE.events("home/" + name).size() == 4);
    List<SessionEvent> events = WIRE.events("home/" + name);
    long here = epoch(events, "wire");
    long there = epoch(events, "wire-other");
    assertTrue(there > here, () -> there + " after " + here);
    assertEquals(
        1,
        events.stream()
            .filter(event -> event.getGateway().equals("wire") && event.getEpoch() == here)
            .filter(event -> event.getKind() == SessionEvent.Kind.TAKEN_OVER)
            .filter(event -> event.getReason().equals("taken_over_elsewhere"))
            .count());
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void deviceThatComesBack_isNotEndedByWhatItDidBefore(Version version) throws Exception {
    String name = WireGateway.name("back");
    for (int i = 0; i < 3; i++) {
      try (RawClient there = WireGateway.open(other, version, name).connected();
          RawClient here = WireGateway.open(WIRE.gateway(), version, name).connected()) {
        there.assertEnds(0x8E);
        here.subscribe();
        WIRE.kafka().command(here.key(), new byte[] {1});
        assertArrayEquals(new byte[] {1}, here.read().publish(version).payload());
      }
    }
  }

  private static long epoch(List<SessionEvent> events, String gateway) {
    return events.stream()
        .filter(event -> event.getGateway().equals(gateway))
        .mapToLong(SessionEvent::getEpoch)
        .findFirst()
        .orElseThrow();
  }

  private static void assertHandedOver(String device) {
    List<SessionEvent> events = WIRE.events(device);
    assertEquals(
        List.of(
            SessionEvent.Kind.CONNECTED,
            SessionEvent.Kind.TAKEN_OVER,
            SessionEvent.Kind.CONNECTED,
            SessionEvent.Kind.DISCONNECTED),
        events.stream().map(SessionEvent::getKind).toList());
    assertEquals("taken_over", events.get(1).getReason());
    assertEquals(events.get(0).getEpoch(), events.get(1).getEpoch());
    assertTrue(events.get(2).getEpoch() > events.get(1).getEpoch());
    assertEquals(events.get(2).getEpoch(), events.get(3).getEpoch());
  }
}

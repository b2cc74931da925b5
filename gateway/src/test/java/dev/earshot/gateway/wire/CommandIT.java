package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.protocol.v1.Cancel;
import dev.earshot.protocol.v1.DeviceCommand;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands on their way down. */
@Timeout(60)
class CommandIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final int WINDOW = 16;

  @Test
  void command_byteByByte() throws Exception {
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V3_1_1, "d3").connected()) {
      client.subscribe();
      WIRE.kafka().command("home/d3", Bytes.hex("0a 01 63")); // command_id = "c"
      assertEquals(
          "32 21" // PUBLISH, QoS 1; 33 bytes follow
              + " 00 1a" // topic name, 26 bytes:
              + " 65 61 72 73 68 6f 74 2f 76 31 2f" // "earshot/v1/"
              + " 68 6f 6d 65 2f 64 33 2f" // "home/d3/"
              + " 63 6f 6d 6d 61 6e 64" // "command"
              + " 00 01" // packet identifier: the session's first
              + " 0a 01 63", // payload, as it was in Kafka
          client.read().hex());
    }
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V5, "d5").connected()) {
      client.subscribe();
      WIRE.kafka().command("home/d5", Bytes.hex("0a 01 63"));
      assertEquals(
          "32 22" // PUBLISH, QoS 1; 34 bytes follow
              + " 00 1a" // topic name, 26 bytes:
              + " 65 61 72 73 68 6f 74 2f 76 31 2f" // "earshot/v1/"
              + " 68 6f 6d 65 2f 64 35 2f" // "home/d5/"
              + " 63 6f 6d 6d 61 6e 64" // "command"
              + " 00 01" // packet identifier
              + " 00" // no properties
              + " 0a 01 63", // payload
          client.read().hex());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void acknowledgement_isCounted_inEveryForm(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "counted")) {
      client.subscribe();
      double before = WIRE.scrape().value("commands_acknowledged_total");
      for (int i = 0; i < 3; i++) {
        WIRE.kafka().command(client.key(), command(i));
        int id = client.read().publish(version).packetId();
        byte[] puback = new Bytes().u16(id).asPacket(0x40);
        if (version == Version.V5 && i == 1) {
          puback = new Bytes().u16(id).u8(0x10).asPacket(0x40); // no matching subscribers
        } else if (version == Version.V5 && i == 2) {
          puback =
              new Bytes()
                  .u16(id)
                  .u8(0x83) // implementation specific error: an acknowledgement all the same
                  .u8(9) // 9 bytes of properties
                  .u8(0x1F) // Reason String
                  .text("reason")
                  .asPacket(0x40);
        }
        client.send(puback);
        client.assertAlive();
      }
      assertEquals(before + 3, WIRE.scrape().value("commands_acknowledged_total"));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void unacknowledgedCommands_areAWindow_thatPubackMoves(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "window")) {
      client.subscribe();
      assertWindow(client, WINDOW);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,5", "16,16", "17,16", "65535,16"})
  void receiveMaximum_isTheWindowWhenItIsSmaller(int receiveMaximum, int window) throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "maximum")) {
      client.connected(
          client.connect().properties(new Bytes().u8(0x21).u16(receiveMaximum))); // Receive Maximum
      client.subscribe();
      assertWindow(client, window);
    }
  }

  /** Fills the window, sees what is too much counted, and frees the window from its middle. */
  private static void assertWindow(RawClient client, int window) throws Exception {
    String behind = "reason=\"device_behind\"";
    double before = undeliverable(behind);
    Set<Integer> inFlight = new HashSet<>();
    for (int i = 0; i < window + 2; i++) {
      WIRE.kafka().command(client.key(), command(i));
    }
    for (int i = 0; i < window; i++) {
      Packet.Publish sent = client.read().publish(client.version());
      assertArrayEquals(command(i), sent.payload());
      assertTrue(inFlight.add(sent.packetId()), "packet id " + sent.packetId() + " twice");
    }
    Await.until("too much", () -> undeliverable(behind) == before + 2);
    client.assertAlive();

    // More than all ids' worth would take long; in flight ids must not come again, freed ones may.
    int freed = inFlight.stream().skip(window / 2).findFirst().orElseThrow();
    client.send(Packets.puback(freed));
    client.assertAlive();
    inFlight.remove(freed);
    for (int i = 0; i < 40; i++) {
      WIRE.kafka().command(client.key(), command(100 + i));
      Packet.Publish sent = client.read().publish(client.version());
      assertArrayEquals(command(100 + i), sent.payload());
      assertFalse(inFlight.contains(sent.packetId()), "packet id in flight: " + sent.packetId());
      client.send(Packets.puback(sent.packetId()));
      // Or the next command, which comes another way, may be there before the window has moved.
      client.assertAlive();
    }
    assertEquals(before + 2, undeliverable(behind));
  }

  @ParameterizedTest
  @CsvSource({"60000,60", "1000,1", "86400000,86400", "1,1", "1001,2"})
  void expiry_isWhatIsLeftByTheFleetsClock(long leftMillis, long seconds) throws Exception {
    for (Version version : Version.values()) {
      try (RawClient client = WIRE.connected(version, "expiry")) {
        client.subscribe();
        byte[] command = expiring(leftMillis);
        WIRE.kafka().command(client.key(), command);
        Packet.Publish sent = client.read().publish(version);
        assertArrayEquals(command, sent.payload());
        assertEquals(
            switch (version) {
              case V3_1_1 -> Map.of();
              case V5 -> Map.of(0x02, seconds); // Message Expiry Interval
            },
            sent.properties());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void commandWithoutLimit_hasNoExpiry(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "no-limit")) {
      client.subscribe();
      WIRE.kafka().command(client.key(), command(1));
      assertEquals(Map.of(), client.read().publish(version).properties());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void expiredCommand_isCountedAndNotSent(Version version) throws Exception {
    String expired = "reason=\"expired\"";
    try (RawClient client = WIRE.connected(version, "expired")) {
      client.subscribe();
      double before = undeliverable(expired);
      WIRE.kafka().command(client.key(), expiring(-1));
      WIRE.kafka().command(client.key(), expiring(-86_400_000));
      Await.until("expired", () -> undeliverable(expired) == before + 2);
      assertNextIs(client, 7);
    }
  }

  @Test
  void commandAboveTheDevicesMaximumPacketSize_isCountedAndNotSent() throws Exception {
    String tooLarge = "reason=\"too_large\"";
    try (RawClient client = WIRE.open(Version.V5, "small")) {
      client.connected(
          client.connect().properties(new Bytes().u8(0x27).u32(200))); // Maximum Packet Size
      client.subscribe();
      double before = undeliverable(tooLarge);
      byte[] large =
          DeviceCommand.newBuilder()
              .setCommandId("large")
              .setCancel(Cancel.newBuilder().setReason("x".repeat(200)))
              .build()
              .toByteArray();
      WIRE.kafka().command(client.key(), large);
      Await.until("too large", () -> undeliverable(tooLarge) == before + 1);
      assertNextIs(client, 7);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void notSubscribed_orNotThere_isCounted(Version version) throws Exception {
    double notSubscribed = undeliverable("reason=\"not_subscribed\"");
    double noSession = undeliverable("reason=\"no_session\"");
    try (RawClient client = WIRE.connected(version, "deaf")) {
      WIRE.kafka().command(client.key(), command(1));
      Await.until(
          "not subscribed", () -> undeliverable("reason=\"not_subscribed\"") == notSubscribed + 1);
      client.assertAlive();
      WIRE.kafka().command(client.key() + "-away", command(1));
      Await.until("away", () -> undeliverable("reason=\"no_session\"") == noSession + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void subscriptionOfAnEarlierConnection_isForgotten(Version version) throws Exception {
    double before = undeliverable("reason=\"not_subscribed\"");
    String name = WireGateway.name("forgetful");
    try (RawClient client = WireGateway.open(WIRE.gateway(), version, name).connected()) {
      client.subscribe();
    }
    try (RawClient client = WireGateway.open(WIRE.gateway(), version, name).connected()) {
      WIRE.kafka().command(client.key(), command(1));
      Await.until("not subscribed", () -> undeliverable("reason=\"not_subscribed\"") == before + 1);
      client.assertAlive();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void grantedQos0_isDeliveredWithQos0(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "q0")) {
      client.send(
          Packets.subscribe(
              version, 1, new Bytes(), new Bytes().text(client.topic("command")).u8(0)));
      client.read();
      // More than a window: nothing is in flight.
      for (int i = 0; i < WINDOW + 4; i++) {
        WIRE.kafka().command(client.key(), command(i));
        Packet packet = client.read();
        assertEquals(0x30, packet.first(), packet::hex); // PUBLISH, QoS 0
        assertArrayEquals(command(i), packet.publish(version).payload());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void commands_comeInTheOrderOfTheTopic(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "order")) {
      client.subscribe();
      for (int i = 0; i < 50; i++) {
        WIRE.kafka().command(client.key(), command(i));
        Packet.Publish sent = client.read().publish(version);
        assertArrayEquals(command(i), sent.payload());
        assertEquals(0x02, sent.flags()); // QoS 1; not sent before, not retained
        client.send(Packets.puback(sent.packetId()));
      }
    }
  }

  private static void assertNextIs(RawClient client, int number) throws Exception {
    WIRE.kafka().command(client.key(), command(number));
    assertArrayEquals(command(number), client.read().publish(client.version()).payload());
  }

  private static byte[] command(int number) {
    return DeviceCommand.newBuilder().setCommandId("c" + number).build().toByteArray();
  }

  private static byte[] expiring(long leftMillis) {
    return DeviceCommand.newBuilder()
        .setCommandId("e" + leftMillis)
        .setExpiresAtMs(WireGateway.FLEET_TIME.toEpochMilli() + leftMillis)
        .build()
        .toByteArray();
  }

  private static double undeliverable(String reason) {
    return WIRE.scrape().value("commands_undeliverable_total", reason);
  }
}

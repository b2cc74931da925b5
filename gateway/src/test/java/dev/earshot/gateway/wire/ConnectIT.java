package dev.earshot.gateway.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT in every variant, and what CONNACK says. */
@Timeout(60)
class ConnectIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final int TOO_LARGE = 17 << 10;

  @Test
  void goodConnect311_isAcceptedByteByByte() throws Exception {
    try (RawClient client = WIRE.open(Version.V3_1_1, "unused")) {
      client.send(
          Bytes.hex(
              "10 1c" // CONNECT, 28 bytes follow
                  + " 00 04 4d 51 54 54" // protocol name "MQTT"
                  + " 04" // protocol level: 3.1.1
                  + " 82" // user name, clean session
                  + " 00 3c" // keep alive: 60 s
                  + " 00 04 6e 6f 76 61" // client identifier "nova"
                  + " 00 0a 68 6f 6d 65 2f 6e 6f 76 61 31")); // user name "home/nova1"
      assertEquals(
          "20 02" // CONNACK, 2 bytes follow
              + " 00" // no session present
              + " 00", // accepted
          client.read().hex());
      client.assertAlive();
    }
  }

  @Test
  void goodConnect5_saysWhatTheGatewayCan() throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "plain")) {
      client.send(client.connect().bytes());
      Packet.ConnAck ack = client.read().connAck();
      assertEquals(0, ack.flags(), "session present");
      assertEquals(0, ack.reason());
      Map<Integer, Object> properties = new HashMap<>(ack.properties());
      Object receiveMaximum = properties.remove(0x21); // the default of the limit's setting
      assertEquals(100, receiveMaximum);
      assertEquals(
          Map.of(
              0x24, 1, // Maximum QoS
              0x25, 0, // Retain Available
              0x27, 262_144L, // Maximum Packet Size
              0x22, 8, // Topic Alias Maximum
              0x28, 0, // Wildcard Subscription Available
              0x29, 0, // Subscription Identifiers Available
              0x2A, 0), // Shared Subscription Available
          properties);
      client.assertAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"0,1200", "1201,1200", "65535,1200", "1200,", "1,"})
  void keepAlive_isBoundedByTheServer(int asked, Integer said) throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "keep")) {
      client.send(client.connect().keepAlive(asked).bytes());
      assertEquals(said, client.read().connAck().properties().get(0x13)); // Server Keep Alive
    }
  }

  @ParameterizedTest
  @CsvSource({"3600,0", "4294967295,0", "0,"})
  void sessionExpiry_isNever(long asked, Long said) throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "expiry")) {
      client.send(
          client.connect().properties(new Bytes().u8(0x11).u32(asked)).bytes()); // Session Expiry
      assertEquals(said, client.read().connAck().properties().get(0x11));
    }
  }

  @Test
  void everyPropertyOfConnect5_isTakenOrSkipped() throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "all")) {
      client.connected(
          client
              .connect()
              .properties(
                  new Bytes()
                      .u8(0x11) // Session Expiry Interval
                      .u32(0)
                      .u8(0x21) // Receive Maximum
                      .u16(10)
                      .u8(0x27) // Maximum Packet Size
                      .u32(1_000)
                      .u8(0x22) // Topic Alias Maximum: of the gateway's aliases, it sets none
                      .u16(5)
                      .u8(0x19) // Request Response Information
                      .u8(1)
                      .u8(0x17) // Request Problem Information
                      .u8(1)
                      .u8(0x26) // User Property
                      .text("firmware")
                      .text("7")
                      .u8(0x26) // and once more, which no other property may be
                      .text("firmware")
                      .text("7")));
      client.assertAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"MQIsdp,3", "MQTT,3", "MQTT,0", "MQTT,6", "MQTT,132", "mqtt,4", "XYZ,4", "XYZ,5"})
  void unknownProtocol_isToldSoInTheOldestForm(String name, int level) throws Exception {
    try (RawClient client = WIRE.open(Version.V3_1_1, "protocol")) {
      client.send(client.connect().protocol(name, level).bytes());
      assertEquals(
          "20 02 00 01", // unacceptable protocol version
          client.read().hex());
      client.assertClosed();
    }
  }

  @Test
  void unknownProtocol_isAnEventWhenTheDeviceIsKnown() throws Exception {
    double before = WIRE.scrape().value("refusals_total", "reason=\"protocol_version\"");
    try (RawClient client = WIRE.open(Version.V3_1_1, "old")) {
      client.send(client.connect().protocol("MQIsdp", 3).bytes());
      client.read();
      client.assertClosed();
      assertEquals(
          before + 1, WIRE.scrape().value("refusals_total", "reason=\"protocol_version\""));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void emptyClientId_isTakenInACleanSession(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "anonymous")) {
      client.send(client.connect().clientId("").bytes());
      Packet answer = client.read();
      switch (version) {
        case V3_1_1 -> assertEquals("20 02 00 00", answer.hex());
        case V5 -> {
          String assigned = String.valueOf(answer.connAck().properties().get(0x12));
          assertTrue(assigned.matches("[0-9A-Za-z_/-]{1,64}"), answer::toString);
        }
      }
      client.assertAlive();
    }
  }

  @Test
  void emptyClientId_isRefusedWhenTheSessionIsToStay() throws Exception {
    try (RawClient client = WIRE.open(Version.V3_1_1, "stay")) {
      client.send(client.connect().clientId("").lowFlags(0).bytes());
      assertEquals("20 02 00 02", client.read().hex()); // identifier rejected
      client.assertClosed();
    }
    try (RawClient client = WIRE.open(Version.V5, "stay")) {
      client.send(client.connect().clientId("").lowFlags(0).bytes());
      assertTrue(client.read().connAck().properties().containsKey(0x12));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void sessionThatIsToStay_isNeverPresent(Version version) throws Exception {
    String name = WireGateway.name("again");
    for (int i = 0; i < 2; i++) {
      try (RawClient client = WireGateway.open(WIRE.gateway(), version, name)) {
        client.connected(client.connect().lowFlags(0));
        client.send(Packets.DISCONNECT);
        client.assertClosed();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void clientId_mayBeLongAndOfAnyCharacters(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "long")) {
      client.connected(client.connect().clientId("Küche/öffnen ".repeat(12)));
      client.assertAlive();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void withoutProof_isRefused(Version version) throws Exception {
    double before = WIRE.scrape().value("refusals_total", "reason=\"credentials\"");
    for (Connect connect : List.of(Connect.withoutUser(version), Connect.of(version, "no-fleet"))) {
      try (RawClient client = WIRE.open(version, "stranger")) {
        client.send(connect.bytes());
        assertRefused(client, 5, 0x87);
      }
    }
    assertEquals(before + 2, WIRE.scrape().value("refusals_total", "reason=\"credentials\""));
  }

  @Test
  void passwordWithoutUserName_isAFaultOf311Only() throws Exception {
    try (RawClient client = WIRE.open(Version.V3_1_1, "secret")) {
      client.send(Connect.withoutUser(Version.V3_1_1).password(new byte[] {1}).bytes());
      client.assertClosed();
    }
    try (RawClient client = WIRE.open(Version.V5, "secret")) {
      client.send(Connect.withoutUser(Version.V5).password(new byte[] {1}).bytes());
      assertRefused(client, 5, 0x87);
    }
  }

  @Test
  void authenticationMethod_isRefused() throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "scram")) {
      client.send(
          client
              .connect()
              .properties(new Bytes().u8(0x15).text("SCRAM-SHA-1").u8(0x16).binary(new byte[] {1}))
              .bytes()); // Authentication Method and Data
      assertRefused(client, 5, 0x8C);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Connect.CLEAN | 0x08, // will QoS 1, no will
        Connect.CLEAN | Connect.WILL_RETAIN // will retain, no will
      })
  void flagsThatMakeNoSense_areAFault(int flags) throws Exception {
    try (RawClient client = WIRE.open(Version.V3_1_1, "flags")) {
      client.send(client.connect().lowFlags(flags).bytes());
      client.assertClosed();
    }
    try (RawClient client = WIRE.open(Version.V5, "flags")) {
      client.send(client.connect().lowFlags(flags).bytes());
      assertFault(client);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void reservedFlag_isClosed(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "reserved")) {
      client.send(client.connect().lowFlags(Connect.CLEAN | Connect.RESERVED).bytes());
      client.assertClosed();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void willOfQos3_isAFault(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "qos3")) {
      client.send(client.connect().will(client.topic("status"), new byte[0], 3).bytes());
      assertFault(client);
    }
  }

  @Test
  void propertiesThatMakeNoSense_areAFault() throws Exception {
    for (Bytes properties :
        List.of(
            new Bytes().u8(0x21).u16(0), // Receive Maximum 0
            new Bytes().u8(0x27).u32(0), // Maximum Packet Size 0
            new Bytes().u8(0x19).u8(2), // Request Response Information 2
            new Bytes().u8(0x17).u8(2), // Request Problem Information 2
            new Bytes().u8(0x01).u8(1))) { // Payload Format Indicator: none of CONNECT's
      try (RawClient client = WIRE.open(Version.V5, "property")) {
        client.send(client.connect().properties(properties).bytes());
        assertFault(client);
      }
    }
  }

  @Test
  void propertiesThatCantBeRead_areClosed() throws Exception {
    for (Bytes properties :
        List.of(
            new Bytes().u8(0x7F).u8(1), // no property
            new Bytes().u8(0x11).u16(1))) { // Session Expiry Interval: two bytes of four
      try (RawClient client = WIRE.open(Version.V5, "property")) {
        client.send(client.connect().properties(properties).bytes());
        client.assertClosed();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void malformedConnect_isClosed(Version version) throws Exception {
    byte[] good = Connect.of(version, "home/malformed").bytes();
    byte[] flagged = good.clone();
    flagged[0] = 0x11; // reserved flags of the fixed header
    byte[] beyond = good.clone();
    beyond[good.length - "home/malformed".length() - 1]++; // user name longer than the packet
    byte[] endless = Bytes.hex("10 ff ff ff ff 01"); // remaining length of five bytes
    for (byte[] bad : List.of(flagged, beyond, Bytes.hex("10 00"), endless)) {
      try (RawClient client = WIRE.open(version, "malformed")) {
        client.send(bad);
        Packet answer = client.read(15_000);
        assertTrue(
            answer == null || version == Version.V5 && answer.connAck().reason() >= 0x81,
            () -> "" + answer);
      }
    }
    assertTrue(
        WIRE.events("home/malformed").stream()
            .noneMatch(event -> event.getKind() == SessionEvent.Kind.CONNECTED));
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void otherPacketBeforeConnect_isClosedWithoutAWord(Version version) throws Exception {
    for (byte[] packet :
        List.of(
            Packets.PINGREQ,
            Packets.DISCONNECT,
            Packets.publish(version, "earshot/v1/home/early/heartbeat", 1, new byte[0]),
            Packets.subscribe(version, 1, "earshot/v1/home/early/command"),
            Bytes.hex("20 02 00 00"), // CONNACK
            ("GET /" + "x".repeat(100) + " HTTP/1.1\r\nHost: gateway\r\n\r\n")
                .getBytes(US_ASCII))) {
      try (RawClient client = WIRE.open(version, "early")) {
        client.send(packet);
        client.assertClosed();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void largestConnect_isTaken_andALargerOneClosed(Version version) throws Exception {
    // 16 KiB in all: the fixed header has 1 + 3 bytes for so much.
    int without = Connect.of(version, "home/large").password(new byte[0]).bytes().length + 1;
    try (RawClient client = WIRE.open(version, "large")) {
      client.connected(Connect.of(version, "home/large").password(new byte[(16 << 10) - without]));
    }
    try (RawClient client = WIRE.open(version, "larger")) {
      byte[] large = client.connect().password(new byte[TOO_LARGE]).bytes();
      // So much that it is known to be too large, and no more: what is unread when the gateway
      // closes would take its answer away.
      client.send(Arrays.copyOf(large, 4));
      client.assertClosed();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void secondConnect_endsTheConnection(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "twice")) {
      client.send(client.connect().bytes());
      client.assertEnds(0x82); // Protocol Error
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "protocol_error");
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void connectByteByByte_andEverythingInOneWrite_areTheSame(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "slow")) {
      client.sendByteByByte(client.connect().bytes());
      assertFalse(client.read().hex().isEmpty());
      client.assertAlive();
    }
    try (RawClient client = WIRE.open(version, "hasty")) {
      // Sent before CONNACK has come, as both versions allow.
      client.send(client.connect().bytes(), Packets.PINGREQ, Packets.PINGREQ);
      assertEquals(0x20, client.read().first());
      assertEquals("d0 00", client.read().hex());
      assertEquals("d0 00", client.read().hex());
    }
  }

  private static void assertRefused(RawClient client, int code, int reason) throws IOException {
    Packet answer = client.read();
    switch (client.version()) {
      case V3_1_1 -> assertEquals(Bytes.hex(new byte[] {0x20, 2, 0, (byte) code}), answer.hex());
      case V5 -> {
        assertEquals(0, answer.connAck().flags());
        assertEquals(reason, answer.connAck().reason(), answer::hex);
      }
    }
    client.assertClosed();
  }

  /** MQTT 5: malformed (0x81) or protocol error (0x82); MQTT 3.1.1 knows no such answer. */
  private static void assertFault(RawClient client) throws IOException {
    if (client.version() == Version.V5) {
      Packet answer = client.read();
      int reason = answer.connAck().reason();
      assertTrue(reason == 0x81 || reason == 0x82, answer::hex);
    }
    client.assertClosed();
  }
}

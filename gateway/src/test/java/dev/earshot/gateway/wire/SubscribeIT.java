package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.protocol.v1.RejectedMessage;
import dev.earshot.protocol.v1.SessionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A device's own commands may be subscribed to, and nothing else. */
@Timeout(60)
class SubscribeIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final String FOREIGN = "earshot/v1/home/other/command";

  @Test
  void subscribe_byteByByte() throws Exception {
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V3_1_1, "s3").connected()) {
      client.send(
          Bytes.hex(
              "82 1f" // SUBSCRIBE, 31 bytes follow
                  + " 00 07" // packet identifier 7
                  + " 00 1a" // topic filter, 26 bytes:
                  + " 65 61 72 73 68 6f 74 2f 76 31 2f" // "earshot/v1/"
                  + " 68 6f 6d 65 2f 73 33 2f" // "home/s3/"
                  + " 63 6f 6d 6d 61 6e 64" // "command"
                  + " 01")); // QoS 1
      assertEquals(
          "90 03" // SUBACK, 3 bytes follow
              + " 00 07" // packet identifier 7
              + " 01", // granted: QoS 1
          client.read().hex());
    }
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V5, "s5").connected()) {
      client.send(
          Bytes.hex(
              "82 20" // SUBSCRIBE, 32 bytes follow
                  + " 00 07" // packet identifier 7
                  + " 00" // no properties
                  + " 00 1a" // topic filter, 26 bytes:
                  + " 65 61 72 73 68 6f 74 2f 76 31 2f" // "earshot/v1/"
                  + " 68 6f 6d 65 2f 73 35 2f" // "home/s5/"
                  + " 63 6f 6d 6d 61 6e 64" // "command"
                  + " 2d")); // never retained ones, as published, no local ones, QoS 1
      assertEquals(
          "90 04" // SUBACK, 4 bytes follow
              + " 00 07" // packet identifier 7
              + " 00" // no properties
              + " 01", // granted: QoS 1
          client.read().hex());
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,1"})
  void qos_isGrantedUpToOne(int asked, int granted) throws Exception {
    for (Version version : Version.values()) {
      try (RawClient client = WIRE.connected(version, "granted")) {
        client.send(
            Packets.subscribe(
                version, 9, new Bytes(), new Bytes().text(client.topic("command")).u8(asked)));
        String properties = version == Version.V5 ? " 00" : "";
        assertEquals(
            (version == Version.V5 ? "90 04 00 09" : "90 03 00 09") + properties + " 0" + granted,
            client.read().hex());
        client.assertAlive();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "earshot/v1/home/other/command, 87",
    "somewhere, 87",
    "earshot/v1/home/+/command, a2",
    "earshot/v1/home/#, a2",
    "#, a2",
    "+, a2",
    "$share/group/earshot/v1/home/other/command, 9e"
  })
  void anythingElse_isRefused(String filter, String code) throws Exception {
    double before = WIRE.scrape().value("subscriptions_total", "outcome=\"refused\"");
    for (Version version : Version.values()) {
      try (RawClient client = WIRE.connected(version, "nosy")) {
        client.send(Packets.subscribe(version, 1, filter));
        switch (version) {
          case V3_1_1 -> {
            assertEquals("90 03 00 01 80", client.read().hex());
            client.assertClosed();
            WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "not_allowed");
          }
          case V5 -> {
            Packet answer = client.read();
            assertEquals(new Packet.Codes(1, code), answer.subAck(), answer::hex);
            client.assertAlive();
          }
        }
        RejectedMessage letter = WIRE.kafka().deadLetters(client.key(), 1).getFirst();
        assertEquals("subscription", letter.getReason());
        assertEquals(filter, letter.getSource());
        assertTrue(letter.getPayload().isEmpty());
      }
    }
    assertEquals(before + 2, WIRE.scrape().value("subscriptions_total", "outcome=\"refused\""));
  }

  @Test
  void ownCommandsAsAShare_areRefusedToo() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "share")) {
      client.send(Packets.subscribe(Version.V5, 1, "$share/g/" + client.topic("command")));
      assertEquals(new Packet.Codes(1, "9e"), client.read().subAck());
    }
  }

  @Test
  void goodAndBadFilters_areEachAnsweredIn5() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "mixed")) {
      client.send(
          Packets.subscribe(
              Version.V5,
              0x0102,
              new Bytes(),
              new Bytes()
                  .text(FOREIGN)
                  .u8(1)
                  .text(client.topic("command"))
                  .u8(1)
                  .text("earshot/#")
                  .u8(0)));
      Packet answer = client.read();
      assertEquals(new Packet.Codes(0x0102, "87 01 a2"), answer.subAck(), answer::hex);
      List<RejectedMessage> letters = WIRE.kafka().deadLetters(client.key(), 2);
      assertEquals(
          List.of(FOREIGN, "earshot/#"), letters.stream().map(RejectedMessage::getSource).toList());
      // The good one holds.
      WIRE.kafka().command(client.key(), new byte[] {5});
      assertEquals(client.topic("command"), client.read().publish(Version.V5).topic());
    }
  }

  @Test
  void goodAndBadFilters_areEachAnsweredIn311_thenClosed() throws Exception {
    try (RawClient client = WIRE.connected(Version.V3_1_1, "mixed")) {
      client.send(
          Packets.subscribe(
              Version.V3_1_1,
              0x0102,
              new Bytes(),
              new Bytes().text(client.topic("command")).u8(1).text(FOREIGN).u8(1)));
      assertEquals("90 04 01 02 01 80", client.read().hex());
      client.assertClosed();
      assertEquals(FOREIGN, WIRE.kafka().deadLetters(client.key(), 1).getFirst().getSource());
    }
  }

  @Test
  void subscriptionIdentifier_isNotSupported() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "identifier")) {
      client.send(
          Packets.subscribe(
              Version.V5,
              1,
              new Bytes().u8(0x0B).varint(7), // Subscription Identifier
              new Bytes().text(client.topic("command")).u8(1)));
      Packet answer = client.read();
      assertEquals(new Packet.Codes(1, "a1"), answer.subAck(), answer::hex);
      client.assertAlive();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void noFilterAtAll_isAProtocolError(Version version) throws Exception {
    for (byte[] packet :
        List.of(
            Packets.subscribe(version, 1, new Bytes(), new Bytes()),
            Packets.unsubscribe(version, 1))) {
      try (RawClient client = WIRE.connected(version, "no-filter")) {
        client.send(packet);
        if (version == Version.V5) {
          Packet answer = client.read();
          assertTrue(List.of(0x81, 0x82).contains(answer.disconnectReason()), answer::hex);
        }
        client.assertClosed();
      }
    }
  }

  @Test
  void unsubscribe_isAcknowledgedByteByByte() throws Exception {
    try (RawClient client = WIRE.connected(Version.V3_1_1, "un")) {
      client.send(Packets.unsubscribe(Version.V3_1_1, 0x0506, client.topic("command"), FOREIGN));
      assertEquals("b0 02 05 06", client.read().hex());
    }
    try (RawClient client = WIRE.connected(Version.V5, "un")) {
      client.subscribe();
      client.send(
          Packets.unsubscribe(
              Version.V5, 0x0506, FOREIGN, client.topic("command"), client.topic("command")));
      assertEquals(
          "b0 06" // UNSUBACK, 6 bytes follow
              + " 05 06" // packet identifier
              + " 00" // no properties
              + " 11 00 11", // no subscription existed; success; and then none existed
          client.read().hex());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void afterUnsubscribe_noCommandComes(Version version) throws Exception {
    String notSubscribed = "reason=\"not_subscribed\"";
    try (RawClient client = WIRE.connected(version, "enough")) {
      client.subscribe();
      client.send(Packets.unsubscribe(version, 11, client.topic("command")));
      assertEquals(0xB0, client.read().first());
      double before = WIRE.scrape().value("commands_undeliverable_total", notSubscribed);
      WIRE.kafka().command(client.key(), new byte[] {5});
      Await.until(
          "undeliverable",
          () -> WIRE.scrape().value("commands_undeliverable_total", notSubscribed) == before + 1);
      client.assertAlive();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void subscribingTwice_isGrantedTwice_andDeliversOnce(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "twice")) {
      client.subscribe();
      client.subscribe();
      WIRE.kafka().command(client.key(), new byte[] {5});
      assertEquals("05", Bytes.hex(client.read().publish(version).payload()));
      client.assertAlive();
    }
  }
}

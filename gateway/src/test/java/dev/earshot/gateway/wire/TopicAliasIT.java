package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topic aliases: MQTT 5.0, section 3.3.2.3.4. The gateway takes 1 to 8. */
@Timeout(60)
class TopicAliasIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final byte[] HEARTBEAT = TestObjects.heartbeat(0).build().toByteArray();
  private static final byte[] STATUS = TestObjects.status().build().toByteArray();

  @Test
  void alias_isSetThenUsed_atAnyQos() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "alias")) {
      client.send(
          publish(1, client.topic("heartbeat"), 1, HEARTBEAT), publish(2, "", 1, HEARTBEAT));
      client.assertAcknowledged(1);
      client.assertAcknowledged(2);
      client.send(
          Packets.publish(Version.V5, Packets.QOS_0, "", 0, alias(1), HEARTBEAT),
          publish(3, "", 1, HEARTBEAT));
      client.assertAcknowledged(3);
      assertEquals(4, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size());
    }
  }

  @Test
  void aliasesOneToEight_areEachTheirOwn() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "eight")) {
      for (int alias = 1; alias <= 8; alias++) {
        boolean even = alias % 2 == 0;
        client.send(
            publish(
                alias,
                client.topic(even ? "status" : "heartbeat"),
                alias,
                even ? STATUS : HEARTBEAT));
        client.assertAcknowledged(alias);
      }
      for (int alias = 8; alias >= 1; alias--) {
        client.send(publish(alias, "", alias, alias % 2 == 0 ? STATUS : HEARTBEAT));
        client.assertAcknowledged(alias);
      }
      assertStored(client, 8, 8);
    }
  }

  @Test
  void aliasThatIsSetAgain_isTheNewTopic() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "rebind")) {
      client.send(
          publish(1, client.topic("heartbeat"), 5, HEARTBEAT),
          publish(2, client.topic("status"), 5, STATUS),
          publish(3, "", 5, STATUS));
      client.assertAcknowledged(1);
      client.assertAcknowledged(2);
      client.assertAcknowledged(3);
      assertStored(client, 1, 2);
    }
  }

  @Test
  void aliasOfATopicThatIsNotTheDevices_isRefusedWheneverItIsUsed() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "foreign")) {
      client.send(publish(1, "earshot/v1/home/other/heartbeat", 1, HEARTBEAT));
      client.assertAcknowledged(1, 0x87);
      client.send(publish(2, "", 1, HEARTBEAT));
      client.assertAcknowledged(2, 0x87);
      assertEquals(
          "earshot/v1/home/other/heartbeat",
          WIRE.kafka().deadLetters(client.key(), 2).getLast().getSource());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 65_535})
  void aliasZeroOrAboveTheMaximum_isInvalid(int alias) throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "invalid")) {
      client.send(publish(1, client.topic("heartbeat"), alias, HEARTBEAT));
      client.assertEnds(0x94); // Topic Alias invalid
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "protocol_error");
      assertStored(client, 0, 0);
    }
  }

  @Test
  void aliasThatWasNotSet_isAProtocolError() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "unset")) {
      client.send(publish(1, "", 3, HEARTBEAT));
      client.assertEnds(0x82);
    }
  }

  @Test
  void aliasOfAnEarlierConnection_isForgotten() throws Exception {
    String name = WireGateway.name("forgotten");
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V5, name).connected()) {
      client.send(publish(1, client.topic("heartbeat"), 1, HEARTBEAT));
      client.assertAcknowledged(1);
    }
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V5, name).connected()) {
      client.send(publish(1, "", 1, HEARTBEAT));
      client.assertEnds(0x82);
    }
  }

  @Test
  void aliasTwiceInOnePacket_isAProtocolError() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "double")) {
      Bytes twice = new Bytes().raw(alias(1).done()).raw(alias(2).done());
      client.send(
          Packets.publish(
              Version.V5, Packets.QOS_1, client.topic("heartbeat"), 1, twice, HEARTBEAT));
      client.assertEnds(0x82);
    }
  }

  private static byte[] publish(int packetId, String topic, int alias, byte[] payload) {
    return Packets.publish(Version.V5, Packets.QOS_1, topic, packetId, alias(alias), payload);
  }

  private static Bytes alias(int alias) {
    return new Bytes()
        .u8(0x23) // Topic Alias
        .u16(alias);
  }

  private static void assertStored(RawClient client, int heartbeats, int statuses) {
    assertEquals(heartbeats, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size());
    assertEquals(statuses, WIRE.kafka().records(KafkaTopic.STATUS, client.key()).size());
  }
}

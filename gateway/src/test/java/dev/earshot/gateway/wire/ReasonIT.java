package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sentences beside reason codes, in MQTT 5: right in form, and no longer than is taken. */
@Timeout(60)
class ReasonIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final byte[] NOISE = {1, 2, 3};

  @Test
  void whoAsksForNoProblemInformation_getsTheCodeAlone() throws Exception {
    try (RawClient client = connected(new Bytes().u8(0x17).u8(0))) { // Request Problem Information
      client.send(Packets.publish(Version.V5, client.topic("heartbeat"), 1, NOISE));
      String answer = client.read().hex();
      assertTrue(List.of("40 03 00 01 99", "40 04 00 01 99 00").contains(answer), answer);
      client.send(
          Packets.publish(
              Version.V5, Packets.QOS_0, client.topic("heartbeat"), 1, new Bytes(), NOISE));
      answer = client.read().hex();
      // A DISCONNECT may say why all the same (section 3.1.2.11.7); this gateway doesn't.
      assertTrue(List.of("e0 01 99", "e0 02 99 00").contains(answer), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 200, 1_000})
  void answers_areNoLargerThanTheDeviceTakes(int maximum) throws Exception {
    try (RawClient client = connected(new Bytes().u8(0x27).u32(maximum))) { // Maximum Packet Size
      assertAnswersFit(client, maximum);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 40, 127})
  void deviceThatTakesNoAnswer_isRefused(int maximum) throws Exception {
    try (RawClient client = WIRE.open(Version.V5, "tiny")) {
      client.send(client.connect().properties(new Bytes().u8(0x27).u32(maximum)).bytes());
      Packet answer = client.read();
      assertEquals(0x95, answer.connAck().reason(), answer::hex); // Packet too large
      assertTrue(length(answer) <= maximum, answer::hex);
      client.assertClosed();
    }
  }

  private static void assertAnswersFit(RawClient client, int maximum) throws Exception {
    String topic = "somewhere/" + "x".repeat(300);
    client.send(Packets.publish(Version.V5, topic, 1, NOISE));
    Packet acknowledgement = client.read();
    assertEquals(0x90, acknowledgement.pubAck().reason());
    assertTrue(length(acknowledgement) <= maximum, acknowledgement::hex);
    client.send(Packets.publish(Version.V5, Packets.QOS_0, topic, 1, new Bytes(), NOISE));
    Packet disconnect = client.read();
    assertEquals(0x90, disconnect.disconnectReason());
    assertTrue(length(disconnect) <= maximum, disconnect::hex);
  }

  private static int length(Packet packet) {
    return (packet.hex().length() + 1) / 3;
  }

  @Test
  void longestTopic_isAnsweredInForm_andCutOff() throws Exception {
    try (RawClient client = connected(new Bytes())) {
      // 65,535 bytes, and a sentence about it would be longer.
      byte[] topic = ("ü".repeat(32_767) + "x").getBytes(StandardCharsets.UTF_8);
      byte[] packet =
          new Bytes()
              .binary(topic)
              .u16(1) // packet identifier
              .u8(0) // no properties
              .raw(NOISE)
              .asPacket(0x32); // PUBLISH, QoS 1
      client.send(packet);
      client.assertAcknowledged(1, 0x90);
      client.assertAlive();
      // Of a topic that is not ours, 256 bytes are kept.
      assertEquals(
          "ü".repeat(128), WIRE.kafka().deadLetters(client.key(), 1).getFirst().getSource());
    }
  }

  private static RawClient connected(Bytes properties) throws Exception {
    RawClient client = WIRE.open(Version.V5, "reason");
    return client.connected(client.connect().properties(properties));
  }
}

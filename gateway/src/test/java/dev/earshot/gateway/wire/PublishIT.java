package dev.earshot.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.gateway.Await;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Heartbeat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are right: however they come, they are in Kafka when they are acknowledged. */
@Timeout(60)
class PublishIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  @Test
  void publish311_byteByByte() throws Exception {
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V3_1_1, "b3").connected()) {
      client.send(
          Bytes.hex(
              "32 22" // PUBLISH, QoS 1; 34 bytes follow
                  + " 00 19" // topic name, 25 bytes:
                  + " 65 61 72 73 68 6f 74 2f 76 31 2f" // "earshot/v1/"
                  + " 68 6f 6d 65 2f 62 33 2f" // "home/b3/"
                  + " 73 74 61 74 75 73" // "status"
                  + " 12 34" // packet identifier 0x1234
                  + " 08 b2 9a 80 05")); // payload: boot_id = 10489138
      assertEquals(
          "40 02" // PUBACK, 2 bytes follow
              + " 12 34", // packet identifier
          client.read().hex());
      assertEquals(
          "08 b2 9a 80 05",
          Bytes.hex(WIRE.kafka().records(KafkaTopic.STATUS, "home/b3").getFirst().value()));
    }
  }

  @Test
  void publish5_byteByByte() throws Exception {
    try (RawClient client = WireGateway.open(WIRE.gateway(), Version.V5, "b5").connected()) {
      client.send(
          Bytes.hex(
              "3a 28" // PUBLISH, QoS 1, DUP (it may be: it was sent before); 40 bytes follow
                  + " 00 19" // topic name, 25 bytes:
                  + " 65 61 72 73 68 6f 74 2f 76 31 2f" // "earshot/v1/"
                  + " 68 6f 6d 65 2f 62 35 2f" // "home/b5/"
                  + " 73 74 61 74 75 73" // "status"
                  + " ff ff" // packet identifier 65535
                  + " 05" // 5 bytes of properties:
                  + " 02 00 00 00 3c" // Message Expiry Interval: 60 s
                  + " 08 b2 9a 80 05")); // payload: boot_id = 10489138
      assertEquals("40 02 ff ff", client.read().hex()); // without a reason code: success
      ConsumerRecord<String, byte[]> stored =
          WIRE.kafka().records(KafkaTopic.STATUS, "home/b5").getFirst();
      assertEquals("08 b2 9a 80 05", Bytes.hex(stored.value()));
      assertEquals(
          String.valueOf(WireGateway.FLEET_TIME.toEpochMilli()),
          new String(stored.headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER).value(), UTF_8));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void qos0_isStoredAndNotAnswered(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "q0")) {
      byte[] payload = heartbeat(3);
      client.send(
          Packets.publish(
              version, Packets.QOS_0, client.topic("heartbeat"), 0, new Bytes(), payload));
      client.assertAlive();
      Await.until("stored", () -> stored(client).size() == 1);
      assertArrayEquals(payload, stored(client).getFirst().value());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void manyInFlight_areAcknowledgedInOrder(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "many")) {
      int rounds = 20;
      int window = 16;
      double before = WIRE.scrape().value("acknowledged_total");
      for (int round = 0; round < rounds; round++) {
        Bytes burst = new Bytes();
        for (int i = 0; i < window; i++) {
          int number = round * window + i;
          // Heartbeats and statuses go to different topics of Kafka, which answer in any order.
          String channel = number % 3 == 0 ? "status" : "heartbeat";
          byte[] payload = number % 3 == 0 ? status() : heartbeat(number);
          burst.raw(Packets.publish(version, client.topic(channel), packetId(number), payload));
        }
        client.send(burst.done());
        for (int i = 0; i < window; i++) {
          client.assertAcknowledged(packetId(round * window + i));
        }
      }
      assertEquals(
          IntStream.range(0, rounds * window).filter(i -> i % 3 != 0).boxed().toList(),
          sequences(client));
      assertEquals(before + rounds * window, WIRE.scrape().value("acknowledged_total"));
    }
  }

  private static int packetId(int number) {
    // Not in steps, and over the whole range: an id says nothing about order.
    return number * 40_503 % 65_535 + 1;
  }

  @Test
  void manyMoreThanTheReceiveMaximum_in311_areAllAcknowledgedInOrder() throws Exception {
    try (RawClient client = WIRE.connected(Version.V3_1_1, "flood")) {
      int count = 2_000;
      Bytes flood = new Bytes();
      for (int i = 1; i <= count; i++) {
        flood.raw(Packets.publish(Version.V3_1_1, client.topic("heartbeat"), i, heartbeat(i)));
      }
      Thread sender = Thread.ofVirtual().start(() -> send(client, flood.done()));
      for (int i = 1; i <= count; i++) {
        client.assertAcknowledged(i);
      }
      sender.join();
      assertEquals(IntStream.rangeClosed(1, count).boxed().toList(), sequences(client));
    }
  }

  private static void send(RawClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void byteByByte_isTheSame(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "drip")) {
      client.sendByteByByte(Packets.publish(version, client.topic("heartbeat"), 258, heartbeat(0)));
      client.assertAcknowledged(258);
      assertArrayEquals(heartbeat(0), stored(client).getFirst().value());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void packetsOfEveryKindInOneSegment_areAllAnsweredInOrder(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "glued")) {
      byte[] first = Packets.publish(version, client.topic("heartbeat"), 1, heartbeat(1));
      byte[] second = Packets.publish(version, client.topic("heartbeat"), 2, heartbeat(2));
      client.send(
          first,
          second,
          Packets.publish(
              version, Packets.QOS_0, client.topic("status"), 0, new Bytes(), status()));
      client.assertAcknowledged(1);
      client.assertAcknowledged(2);
      // Answers of different kinds are in no order that MQTT would promise.
      client.send(
          Packets.subscribe(version, 3, client.topic("command")),
          Packets.PINGREQ,
          Packets.unsubscribe(version, 4, client.topic("command")),
          Packets.PINGREQ);
      assertEquals(0x90, client.read().first());
      assertEquals("d0 00", client.read().hex());
      assertEquals(0xB0, client.read().first());
      assertEquals("d0 00", client.read().hex());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 50, 127, 128, 1_000})
  void splitAnywhere_isTheSame(int segment) throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "split")) {
      Bytes all = new Bytes();
      for (int i = 1; i <= 5; i++) {
        all.raw(Packets.publish(Version.V5, client.topic("heartbeat"), i, heartbeat(i)));
        all.raw(Packets.PINGREQ);
      }
      byte[] bytes = all.done();
      for (int from = 0; from < bytes.length; from += segment) {
        client.send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + segment)));
      }
      int acknowledged = 0;
      for (int i = 0; i < 10; i++) {
        Packet packet = client.read();
        if (packet.first() == 0x40) {
          acknowledged++;
          assertEquals(acknowledged, packet.packetId());
        }
      }
      assertEquals(List.of(1, 2, 3, 4, 5), sequences(client));
    }
  }

  @Test
  void everyProperty_isAcceptedAndSkipped() throws Exception {
    try (RawClient client = WIRE.connected(Version.V5, "properties")) {
      Bytes properties =
          new Bytes()
              .u8(0x01) // Payload Format Indicator: bytes
              .u8(0)
              .u8(0x02) // Message Expiry Interval, s
              .u32(0xFFFF_FFFFL)
              .u8(0x08) // Response Topic
              .text("earshot/answers")
              .u8(0x09) // Correlation Data
              .binary(new byte[300])
              .u8(0x03) // Content Type
              .text("application/x-protobuf")
              .u8(0x26) // User Property
              .text("name")
              .text("value")
              .u8(0x26) // the same once more
              .text("name")
              .text("");
      client.send(
          Packets.publish(
              Version.V5, Packets.QOS_1, client.topic("heartbeat"), 1, properties, heartbeat(4)));
      client.assertAcknowledged(1);
      assertArrayEquals(heartbeat(4), stored(client).getFirst().value());
    }
  }

  @Test
  void retainIn311_isIgnored() throws Exception {
    try (RawClient client = WIRE.connected(Version.V3_1_1, "retain")) {
      client.send(
          Packets.publish(
              Version.V3_1_1,
              Packets.QOS_1 | Packets.RETAIN,
              client.topic("heartbeat"),
              1,
              new Bytes(),
              heartbeat(0)));
      client.assertAcknowledged(1);
      client.assertAlive();
      assertEquals(1, stored(client).size());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void sameMessageTwice_isStoredTwice(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "dup")) {
      byte[] payload = heartbeat(9);
      client.send(Packets.publish(version, client.topic("heartbeat"), 1, payload));
      client.assertAcknowledged(1);
      client.send(
          Packets.publish(
              version,
              Packets.QOS_1 | Packets.DUP,
              client.topic("heartbeat"),
              1,
              new Bytes(),
              payload));
      client.assertAcknowledged(1);
      assertEquals(2, stored(client).size());
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void sentTogetherWithConnect_isStoredAndAcknowledged(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "eager")) {
      client.send(
          client.connect().bytes(),
          Packets.publish(version, client.topic("heartbeat"), 1, heartbeat(0)));
      assertEquals(0x20, client.read().first());
      client.assertAcknowledged(1);
      assertTrue(stored(client).size() == 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void lastMessageBeforeDisconnect_isStored(Version version) throws Exception {
    try (RawClient client = WIRE.connected(version, "parting")) {
      client.send(
          Packets.publish(version, client.topic("heartbeat"), 1, heartbeat(0)), Packets.DISCONNECT);
      Await.until("stored", () -> stored(client).size() == 1);
    }
  }

  private static byte[] heartbeat(int sequence) {
    return TestObjects.heartbeat(sequence).build().toByteArray();
  }

  private static byte[] status() {
    return TestObjects.status().build().toByteArray();
  }

  private static List<ConsumerRecord<String, byte[]>> stored(RawClient client) {
    return WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key());
  }

  private static List<Integer> sequences(RawClient client) throws InvalidProtocolBufferException {
    List<Integer> sequences = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : stored(client)) {
      sequences.add((int) Heartbeat.parseFrom(record.value()).getSequence());
    }
    return sequences;
  }
}

package dev.earshot.cli.bench.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.earshot.cli.bench.gateway.Packets.Publish;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PacketsTest {
  private static final DeviceId DEVICE = new DeviceId("f", "d");

  private static String hex(String... parts) {
    return String.join("", parts).replace(" ", "");
  }

  @Test
  void connect_isACleanSessionWithUserAndPassword() {
    assertEquals(
        hex(
            "10 19", // CONNECT, 25 bytes
            "0004 4d515454 04", // "MQTT", level 4: 3.1.1
            "c2", // user name, password, clean session
            "04b0", // keep-alive: 1,200 s
            "0003 662f64", // client id: f/d
            "0003 662f64", // user name: f/d
            "0003 616263"), // password: abc
        HexFormat.of().formatHex(Packets.connect(DEVICE, "abc", 1_200)));
  }

  @Test
  void publish_isQos1_andKnowsWhereItsIdIs() {
    Publish publish = Packets.publish(new MqttTopic(DEVICE, Channel.STATUS), "hi".getBytes(US_ASCII));
    assertEquals(
        hex(
            "32 1b", // PUBLISH, QoS 1, 27 bytes
            "0015", // topic: 21 bytes
            HexFormat.of().formatHex("earshot/v1/f/d/status".getBytes(US_ASCII)),
            "0000", // packet id
            "6869"), // payload
        HexFormat.of().formatHex(publish.bytes()));
    assertEquals(publish.bytes().length - 4, publish.idAt());
  }

  @Test
  void longPublish_hasALengthOfTwoBytes() {
    Publish publish = Packets.publish(new MqttTopic(DEVICE, Channel.HEARTBEAT), new byte[200]);
    int length = publish.bytes().length - 3;
    assertEquals(length & 0x7F | 0x80, publish.bytes()[1] & 0xFF);
    assertEquals(length >>> 7, publish.bytes()[2]);
  }

  @Test
  void everyHeartbeat_isOfTheSameSize_andAnother() throws Exception {
    byte[] before = {};
    for (int device = 0; device < 1_000; device++) {
      byte[] payload = Payloads.heartbeat(device);
      assertEquals(Payloads.BYTES, payload.length, "device " + device);
      assertEquals(32, Heartbeat.parseFrom(payload).getScoreHistogramCount());
      assertNotEquals(Arrays.hashCode(before), Arrays.hashCode(payload));
      before = payload;
    }
  }
}

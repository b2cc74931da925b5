package dev.earshot.cli.bench.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.earshot.cli.bench.MqttFrame;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import java.io.ByteArrayOutputStream;

/** The bytes of MQTT 3.1.1 packets that a load generator sends, made once and sent many times. */
final class Packets {
  /** DISCONNECT. */
  static final byte[] DISCONNECT = {(byte) 0xE0, 0};

  /** What CONNACK begins with: type, length 2. */
  static final byte[] CONNACK = {0x20, 2};

  private static final int CLEAN_USER_PASSWORD = 0b1100_0010;

  private Packets() {}

  /**
   * A PUBLISH with QoS 1.
   *
   * @param idAt where its two bytes of packet id are
   */
  record Publish(byte[] bytes, int idAt) {}

  /** A clean session's CONNECT, whose client id and user name are the device. */
  static byte[] connect(DeviceId device, String password, int keepAliveSeconds) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, "MQTT");
    body.write(4); // level: 3.1.1
    body.write(CLEAN_USER_PASSWORD);
    number(body, keepAliveSeconds);
    text(body, device.toString());
    text(body, device.toString());
    text(body, password);
    return MqttFrame.of(0x10, body.toByteArray());
  }

  /** A publish to that device's topic. */
  static Publish publish(MqttTopic topic, byte[] payload) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, topic.toString());
    int idInBody = body.size();
    number(body, 0);
    body.writeBytes(payload);
    byte[] bytes = MqttFrame.of(0x32, body.toByteArray());
    return new Publish(bytes, bytes.length - body.size() + idInBody);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.write(value >>> 8);
    out.write(value);
  }
}

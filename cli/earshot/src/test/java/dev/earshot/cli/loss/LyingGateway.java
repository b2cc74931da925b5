package dev.earshot.cli.loss;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.service.KafkaSettings;
import dev.earshot.service.Topics;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A gateway, as a process of its own, that acknowledges before Kafka has anything. As long as it
 * lives nobody sees the difference; when it is killed, what waits in it is gone.
 */
final class LyingGateway {
  /** How long a message may wait in it. */
  private static final int LINGER_MILLIS = 500;

  private static final int PUBLISH_V5_LEVEL = 5;

  private final KafkaProducer<String, byte[]> producer;

  private LyingGateway(KafkaProducer<String, byte[]> producer) {
    this.producer = producer;
  }

  public static void main(String[] args) throws IOException {
    String kafka = System.getenv("EARSHOT_KAFKA");
    Topics.ensure(kafka, 8, (short) 1, KafkaTopic.HEARTBEAT);
    Properties properties = KafkaSettings.producer(kafka, "lying-gateway");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    LyingGateway gateway =
        new LyingGateway(
            new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    try (ServerSocket server = new ServerSocket()) {
      server.bind(
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(),
              Integer.parseInt(System.getenv("EARSHOT_MQTT_PORT"))));
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> gateway.serve(socket));
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = socket.getOutputStream();
      boolean v5 = Packets.read(in.read(), in).body()[6] == PUBLISH_V5_LEVEL;
      out.write(v5 ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0});
      while (true) {
        publish(ByteBuffer.wrap(Packets.read(in.read(), in).body()), v5, out);
      }
    } catch (IOException e) {
      // The device has gone.
    }
  }

  private void publish(ByteBuffer body, boolean v5, OutputStream out) throws IOException {
    byte[] topic = new byte[body.getShort()];
    body.get(topic);
    short packetId = body.getShort();
    if (v5) {
      body.get();
    }
    byte[] payload = new byte[body.remaining()];
    body.get(payload);
    out.write(ByteBuffer.allocate(4).put((byte) 0x40).put((byte) 2).putShort(packetId).array());
    String key =
        MqttTopic.parse(new String(topic, StandardCharsets.UTF_8))
            .orElseThrow()
            .deviceId()
            .toString();
    var _ = producer.send(new ProducerRecord<>(KafkaTopic.HEARTBEAT.topicName(), key, payload));
  }
}

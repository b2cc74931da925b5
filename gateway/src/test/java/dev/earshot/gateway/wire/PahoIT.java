package dev.earshot.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A library's clients get along with the gateway: MQTT 5, and either version over WebSocket. */
@Timeout(60)
class PahoIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final long TIMEOUT_MILLIS = 15_000;
  private static final byte[] HEARTBEAT = TestObjects.heartbeat(3).build().toByteArray();

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "ws"})
  void mqtt5_publishes_subscribes_andIsToldWhy(String scheme) throws Exception {
    String name = WireGateway.name("paho5");
    try (Paho5 device = new Paho5(scheme, name)) {
      device.connect();
      IMqttToken good = device.client.publish(device.topic("heartbeat"), HEARTBEAT, 1, false);
      good.waitForCompletion(TIMEOUT_MILLIS);
      assertArrayEquals(
          HEARTBEAT, WIRE.kafka().records(KafkaTopic.HEARTBEAT, device.key()).getFirst().value());

      IMqttToken noise =
          device.client.publish(device.topic("heartbeat"), "noise".getBytes(UTF_8), 1, false);
      noise.waitForCompletion(TIMEOUT_MILLIS);
      assertArrayEquals(new int[] {0x99}, noise.getReasonCodes());

      device.client.subscribe(device.topic("command"), 1).waitForCompletion(TIMEOUT_MILLIS);
      WIRE.kafka().command(device.key(), new byte[] {1, 2});
      assertArrayEquals(
          new byte[] {1, 2}, device.commands.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));

      device.client.unsubscribe(device.topic("command")).waitForCompletion(TIMEOUT_MILLIS);
      device.client.disconnect().waitForCompletion(TIMEOUT_MILLIS);
      WIRE.awaitLastEvent(device.key(), SessionEvent.Kind.DISCONNECTED, "client_disconnected");
    }
  }

  @Test
  void mqtt5_isToldThatItsSessionWasTakenOver() throws Exception {
    String name = WireGateway.name("paho5");
    try (Paho5 older = new Paho5("tcp", name);
        Paho5 newer = new Paho5("tcp", name)) {
      older.connect();
      newer.connect();
      MqttDisconnectResponse why = older.ends.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      assertEquals(0x8E, assertNotNullReturning(why).getReturnCode());
    }
  }

  @Test
  void mqtt5_isToldThatItIsNotAuthorized() throws Exception {
    try (Paho5 device = new Paho5("tcp", "no user name")) {
      MqttException refused = assertThrows(MqttException.class, device::connect);
      assertEquals(0x87, refused.getReasonCode());
    }
  }

  private static <T> T assertNotNullReturning(T value) {
    assertNotNull(value);
    return value;
  }

  @Test
  void mqtt311OverWebSocket_publishesAndSubscribes() throws Exception {
    String name = WireGateway.name("paho3");
    String topic = "earshot/v1/home/" + name + "/";
    BlockingQueue<byte[]> commands = new LinkedBlockingQueue<>();
    try (MqttClient client =
        new MqttClient(
            address("ws"), name, new org.eclipse.paho.client.mqttv3.persist.MemoryPersistence())) {
      MqttConnectOptions options = new MqttConnectOptions();
      options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
      options.setUserName("home/" + name);
      client.setTimeToWait(TIMEOUT_MILLIS);
      client.connect(options);
      MqttMessage message = new MqttMessage(HEARTBEAT);
      message.setQos(1);
      client.publish(topic + "heartbeat", message);
      assertArrayEquals(
          HEARTBEAT, WIRE.kafka().records(KafkaTopic.HEARTBEAT, "home/" + name).getFirst().value());
      client.subscribe(topic + "command", 1, (from, command) -> commands.add(command.getPayload()));
      WIRE.kafka().command("home/" + name, new byte[] {1, 2});
      assertArrayEquals(new byte[] {1, 2}, commands.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
      client.disconnect();
    }
  }

  private static String address(String scheme) {
    return switch (scheme) {
      case "tcp" -> "tcp://127.0.0.1:" + WIRE.gateway().mqttPort();
      default -> "ws://127.0.0.1:" + WIRE.gateway().webSocketPort() + "/mqtt";
    };
  }

  /** A device that speaks MQTT 5 through Paho. */
  private static final class Paho5 implements AutoCloseable, MqttCallback {
    private final String name;
    private final MqttAsyncClient client;
    private final BlockingQueue<byte[]> commands = new LinkedBlockingQueue<>();
    private final BlockingQueue<MqttDisconnectResponse> ends = new LinkedBlockingQueue<>();

    Paho5(String scheme, String name) throws MqttException {
      this.name = name;
      this.client = new MqttAsyncClient(address(scheme), "paho", new MemoryPersistence());
      client.setCallback(this);
    }

    void connect() throws MqttException {
      MqttConnectionOptions options = new MqttConnectionOptions();
      options.setUserName(key());
      options.setAutomaticReconnect(false);
      client.connect(options).waitForCompletion(TIMEOUT_MILLIS);
    }

    String key() {
      return "home/" + name;
    }

    String topic(String channel) {
      return "earshot/v1/" + key() + "/" + channel;
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      ends.add(response);
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      // What the tests wait for does not come then.
    }

    @Override
    public void messageArrived(String topic, org.eclipse.paho.mqttv5.common.MqttMessage message) {
      commands.add(message.getPayload());
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // The tests wait on tokens.
    }

    @Override
    public void connectComplete(boolean reconnect, String uri) {
      // The tests wait on tokens.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // The gateway sends none.
    }

    @Override
    public void close() throws MqttException {
      if (client.isConnected()) {
        client.disconnectForcibly(0, 1_000, false);
      }
      client.close(true);
    }
  }
}

package dev.earshot.gateway;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A device that speaks MQTT 3.1.1 through Paho, and says {@code fleet/name} as its user name. */
final class PahoDevice implements AutoCloseable {
  static final String FLEET = "home";
  private static final long TIMEOUT_MILLIS = 20_000;

  private final String name;
  private final MqttAsyncClient client;
  private final BlockingQueue<byte[]> commands = new LinkedBlockingQueue<>();
  private volatile boolean lost;

  private PahoDevice(String name, String address) throws MqttException {
    this.name = name;
    this.client = new MqttAsyncClient(address, "client-of-" + name, new MemoryPersistence());
    client.setCallback(new Callback());
  }

  static PahoDevice connected(String name, int port) throws MqttException {
    PahoDevice device = unconnected(name, port);
    device.connect(options(FLEET + "/" + name));
    return device;
  }

  static PahoDevice unconnected(String name, int port) throws MqttException {
    return new PahoDevice(name, "tcp://127.0.0.1:" + port);
  }

  static PahoDevice overTls(String name, int port) throws MqttException {
    return new PahoDevice(name, "ssl://127.0.0.1:" + port);
  }

  static MqttConnectOptions options(String username) {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setUserName(username);
    // Paho then keeps what was not acknowledged, and sends it again.
    options.setCleanSession(false);
    options.setMaxInflight(10_000);
    options.setConnectionTimeout(10);
    return options;
  }

  void connect(MqttConnectOptions options) throws MqttException {
    lost = false;
    client.connect(options).waitForCompletion(TIMEOUT_MILLIS);
  }

  void reconnect() throws MqttException {
    connect(options(FLEET + "/" + name));
  }

  /** What a device does in the end, whatever the connection was lost for. */
  void reconnectIfLost() {
    if (lost) {
      try {
        reconnect();
      } catch (MqttException e) {
        // The next attempt may do better; the test's deadline ends this.
        lost = true;
      }
    }
  }

  String key() {
    return FLEET + "/" + name;
  }

  String topic(String channel) {
    return "earshot/v1/" + FLEET + "/" + name + "/" + channel;
  }

  IMqttDeliveryToken publish(String topic, byte[] payload, int qos) throws MqttException {
    return client.publish(topic, payload, qos, false);
  }

  /** Publishes with QoS 1 and returns when it was acknowledged. */
  void publishAcknowledged(String topic, byte[] payload) throws MqttException {
    publish(topic, payload, 1).waitForCompletion(TIMEOUT_MILLIS);
  }

  /** Subscribes; true when granted. */
  boolean subscribe(String filter) throws MqttException {
    var token = client.subscribe(filter, 1);
    try {
      token.waitForCompletion(TIMEOUT_MILLIS);
    } catch (MqttException e) {
      if (e.getReasonCode() != MqttException.REASON_CODE_SUBSCRIBE_FAILED) {
        throw e;
      }
    }
    return token.getGrantedQos()[0] != 0x80;
  }

  BlockingQueue<byte[]> commands() {
    return commands;
  }

  boolean isLost() {
    return lost;
  }

  void disconnect() throws MqttException {
    client.disconnect().waitForCompletion(TIMEOUT_MILLIS);
  }

  @Override
  public void close() throws MqttException {
    if (client.isConnected()) {
      client.disconnectForcibly(0, 1_000, false);
    }
    client.close(true);
  }

  private final class Callback implements MqttCallback {
    @Override
    public void connectionLost(Throwable cause) {
      lost = true;
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      commands.add(message.getPayload());
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // The tests wait on tokens.
    }
  }
}

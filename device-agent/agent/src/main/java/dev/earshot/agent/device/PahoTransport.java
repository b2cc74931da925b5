package dev.earshot.agent.device;

import dev.earshot.agent.port.Transport;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MQTT 3.1.1 to the gateway, QoS 1. Each session is clean and subscribes anew: the agent itself
 * keeps what was not acknowledged, and the gateway tells a command again when it sees the birth
 * status, so a session kept by the broker would only make both twice. Reconnects for ever, 1 s to
 * 60 s apart, doubling, with jitter.
 *
 * <p>Paho calls back on its own threads; everything is handed to the agent's.
 */
final class PahoTransport implements Transport, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PahoTransport.class);
  private static final long FIRST_DELAY_MILLIS = 1000;
  private static final long LONGEST_DELAY_MILLIS = 60_000;

  private final DeviceId id;
  private final AgentLoop loop;
  private final RandomGenerator random;
  private final MqttAsyncClient client;
  private @Nullable Events events; // this and below: the agent's thread
  private int failures;
  private boolean connected;
  private boolean closed;

  /** What the owner is told, on the agent's thread. */
  interface Events {
    void connected();

    void disconnected();

    void command(byte[] payload);
  }

  PahoTransport(String hostAndPort, DeviceId id, AgentLoop loop, RandomGenerator random)
      throws MqttException {
    this.id = id;
    this.loop = loop;
    this.random = random;
    client = new MqttAsyncClient("tcp://" + hostAndPort, id.toString(), new MemoryPersistence());
    client.setCallback(new Callback());
  }

  /** Connects, and keeps connected until {@link #close}. On the agent's thread. */
  void start(Events listener) {
    events = listener;
    connect();
  }

  boolean isConnected() {
    return connected;
  }

  @Override
  public CompletionStage<Void> publish(Channel channel, byte[] payload) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    MqttMessage message = new MqttMessage(payload);
    message.setQos(1);
    try {
      client.publish(
          new MqttTopic(id, channel).toString(),
          message,
          null,
          new Listener(() -> acknowledged.complete(null), acknowledged::completeExceptionally));
    } catch (MqttException e) {
      loop.execute(() -> acknowledged.completeExceptionally(e));
    }
    return acknowledged;
  }

  /** Leaves; the broker sees an orderly end when it can still be reached. On the agent's thread. */
  @Override
  public void close() {
    closed = true;
    try {
      if (connected) {
        client.disconnect(1000).waitForCompletion(2000);
      }
      client.close(true);
    } catch (MqttException e) {
      log.debug("{}: the connection did not end in order: {}", id, e.getMessage());
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(true);
    options.setUserName(id.toString());
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setConnectionTimeout(10);
    options.setKeepAliveInterval(60);
    options.setMaxInflight(64);
    try {
      client.connect(options, null, new Listener(this::subscribe, this::notConnected));
    } catch (MqttException e) {
      notConnected(e);
    }
  }

  private void subscribe() {
    try {
      client.subscribe(
          new MqttTopic(id, Channel.COMMAND).toString(),
          1,
          null,
          new Listener(this::subscribed, this::lost));
    } catch (MqttException e) {
      lost(e);
    }
  }

  private void subscribed() {
    failures = 0;
    connected = true;
    log.info("{}: connected to {}", id, client.getServerURI());
    Events told = events;
    if (told != null) {
      told.connected();
    }
  }

  private void notConnected(Throwable cause) {
    if (closed) {
      return;
    }
    failures++;
    long bound = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(10, failures - 1));
    long delay = bound / 2 + random.nextLong(bound / 2 + 1);
    log.warn(
        "{}: no connection to {} ({}); next try in {} ms",
        id,
        client.getServerURI(),
        reason(cause),
        delay);
    loop.afterMachine(Duration.ofMillis(delay), this::connect);
  }

  private void lost(Throwable cause) {
    boolean was = connected;
    connected = false;
    Events told = events;
    if (was && told != null) {
      told.disconnected();
    }
    if (client.isConnected()) {
      try {
        client.disconnectForcibly(0, 100, false);
      } catch (MqttException e) {
        log.debug("{}: {}", id, e.getMessage());
      }
    }
    notConnected(cause);
  }

  private static String reason(Throwable cause) {
    Throwable root = cause.getCause() == null ? cause : cause.getCause();
    return String.valueOf(root.getMessage());
  }

  /** Hands Paho's callbacks over. */
  private final class Listener implements IMqttActionListener {
    private final Runnable success;
    private final java.util.function.Consumer<Throwable> failure;

    Listener(Runnable success, java.util.function.Consumer<Throwable> failure) {
      this.success = success;
      this.failure = failure;
    }

    @Override
    public void onSuccess(IMqttToken token) {
      loop.execute(success);
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
      loop.execute(() -> failure.accept(cause));
    }
  }

  private final class Callback implements MqttCallback {
    @Override
    public void connectionLost(Throwable cause) {
      loop.execute(() -> lost(cause));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      byte[] payload = message.getPayload();
      loop.execute(
          () -> {
            Events told = events;
            if (told != null) {
              told.command(payload);
            }
          });
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // each publish has its own listener
    }
  }
}

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
 * MQTT 3.1.1 to the gateway, QoS 1, over TLS where its address says so. Each session is clean and
 * subscribes anew: the agent itself keeps what was not acknowledged, and the gateway tells a
 * command again when it sees the birth status, so a session kept by the broker would only make both
 * twice.
 *
 * <p>Reconnects for ever. The n-th try in a row comes after a random time between half of and the
 * whole min(60 s, 2^(n-1) s): a fleet whose gateway went away does not come back in step. Tries
 * count from one again when a connection has held for a minute, so that a gateway that lets in and
 * throws out is not pressed either. Certificates and passwords are read anew at each try.
 *
 * <p>Paho calls back on its own threads; everything is handed to the agent's.
 */
final class PahoTransport implements Transport, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PahoTransport.class);
  private static final long FIRST_DELAY_MILLIS = 1000;
  private static final long LONGEST_DELAY_MILLIS = 60_000;
  private static final long STEADY_MILLIS = 60_000;

  private final DeviceId id;
  private final GatewaySettings gateway;
  private final Tls tls;
  private final AgentLoop loop;
  private final RandomGenerator random;
  private final MqttAsyncClient client;
  private @Nullable Events events; // this and below: the agent's thread
  private int failures;
  private boolean connected;
  private long connectedSinceNanos;
  private boolean closed;

  /** What the owner is told, on the agent's thread. */
  interface Events {
    void connected();

    void disconnected();

    /** A try has failed; the next one comes by itself. */
    default void notConnected(String advice) {}

    void command(byte[] payload);
  }

  PahoTransport(
      GatewaySettings gateway, Tls tls, DeviceId id, AgentLoop loop, RandomGenerator random)
      throws MqttException {
    this.id = id;
    this.gateway = gateway;
    this.tls = tls;
    this.loop = loop;
    this.random = random;
    client =
        new MqttAsyncClient(gateway.address().serverUri(), id.toString(), new MemoryPersistence());
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
    try {
      client.connect(options(), null, new Listener(this::subscribe, this::notConnected));
    } catch (MqttException | InvalidCredentials e) {
      notConnected(e);
    }
  }

  private MqttConnectOptions options() throws InvalidCredentials {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(true);
    options.setUserName(gateway.user());
    gateway.password().map(String::toCharArray).ifPresent(options::setPassword);
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setConnectionTimeout(10);
    options.setKeepAliveInterval((int) gateway.keepAlive().toSeconds());
    options.setMaxInflight(64);
    if (gateway.address().tls()) {
      options.setSocketFactory(new TlsSockets(tls.context().getSocketFactory()));
      options.setHttpsHostnameVerificationEnabled(true);
    }
    return options;
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
    connected = true;
    connectedSinceNanos = System.nanoTime();
    log.info("{}: connected to {}", id, gateway.address());
    Events told = events;
    if (told != null) {
      told.connected();
    }
  }

  private void notConnected(Throwable cause) {
    again(ConnectionAdvice.of(cause, gateway));
  }

  private void again(String advice) {
    if (closed) {
      return;
    }
    failures++;
    long delay = delayMillis(failures, random);
    log.warn(
        "{}: no connection to {} ({}); next try in {} ms", id, gateway.address(), advice, delay);
    Events told = events;
    if (told != null) {
      told.notConnected(advice);
    }
    loop.afterMachine(Duration.ofMillis(delay), this::connect);
  }

  private void lost(Throwable cause) {
    boolean was = connected;
    connected = false;
    if (was && System.nanoTime() - connectedSinceNanos > STEADY_MILLIS * 1_000_000) {
      failures = 0;
    }
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
    again(was ? ConnectionAdvice.lost(cause) : ConnectionAdvice.of(cause, gateway));
  }

  /** How long to wait before the next try, after that many that failed in a row. */
  static long delayMillis(int failures, RandomGenerator random) {
    long bound = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(10, failures - 1));
    return bound / 2 + random.nextLong(bound / 2 + 1);
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

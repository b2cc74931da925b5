package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.identity.Authenticator;
import dev.earshot.gateway.identity.Proof;
import dev.earshot.gateway.identity.ServerTls;
import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.stream.CommandTarget;
import dev.earshot.gateway.stream.Uplink;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MQTT side of a gateway: one port, served by several event loops, each with its share of the
 * connections.
 */
public final class MqttEdge {
  private static final Logger LOG = LoggerFactory.getLogger(MqttEdge.class);
  // Far above any payload that is forwarded: what lies between still becomes a whole dead letter.
  private static final int MAX_PACKET_BYTES = 256 << 10;
  private static final int MAX_CLIENT_ID = 256;
  private static final int CONNECT_WITHIN_SECONDS = 10;

  private final Sessions sessions;
  private final Backpressure backpressure;
  private final Door door;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private volatile int port;
  private volatile int tlsPort;
  private volatile boolean draining;

  /** Builds it; {@link #listen} opens it. */
  public MqttEdge(
      GatewayConfig config,
      Authenticator authenticator,
      Uplink uplink,
      GatewayMetrics metrics,
      InstantSource clock) {
    sessions = new Sessions(new Epochs(InstantSource.system()), metrics);
    backpressure =
        new Backpressure(config.limits().maxInFlightMessages(), config.limits().maxInFlightBytes());
    SessionServices services =
        new SessionServices(
            uplink,
            backpressure,
            sessions,
            metrics,
            clock,
            config.instance(),
            config.limits().maxPayloadBytes());
    door = new Door(authenticator, services);
    metrics.gauge("connections", "Sessions that are open", sessions::count);
    metrics.gauge(
        "in_flight_messages", "Sent to Kafka, not answered", backpressure::messagesInFlight);
    metrics.gauge("in_flight_bytes", "Payload of these", backpressure::bytesInFlight);
    metrics.gauge(
        "paused_connections",
        "Connections that are not read, for Kafka's sake",
        backpressure::parkedConnections);
  }

  /** Opens the port without TLS on as many event loops as configured. */
  public Future<Void> listen(Vertx vertx, GatewayConfig config) {
    return listen(vertx, config, options(config), config.mqttPort(), opened -> port = opened);
  }

  /** The same with TLS. */
  public Future<Void> listen(Vertx vertx, GatewayConfig config, ServerTls tls, int wanted) {
    return listen(vertx, config, tls.applyTo(options(config)), wanted, opened -> tlsPort = opened);
  }

  private static MqttServerOptions options(GatewayConfig config) {
    MqttServerOptions options =
        new MqttServerOptions()
            .setMaxMessageSize(MAX_PACKET_BYTES)
            .setMaxClientIdLength(MAX_CLIENT_ID)
            .setTimeoutOnConnect(CONNECT_WITHIN_SECONDS);
    options.setHost(config.host()).setTcpNoDelay(true).setReuseAddress(true);
    return options;
  }

  private Future<Void> listen(
      Vertx vertx,
      GatewayConfig config,
      MqttServerOptions options,
      int wanted,
      IntConsumer opened) {
    // Servers that ask for the same port share it; a negative one means one free port for all that
    // ask for the same negative one.
    int shared = wanted != 0 ? wanted : options.isSsl() ? -2 : -1;
    Future<Void> listening = Future.succeededFuture();
    for (int i = 0; i < config.limits().eventLoops(); i++) {
      listening =
          listening.compose(
              ignored -> vertx.deployVerticle(new Listener(options, shared, opened)).mapEmpty());
    }
    return listening;
  }

  /** The port that devices connect to without TLS; 0 when it is not open. */
  public int port() {
    return port;
  }

  /** The port that devices connect to with TLS; 0 when it is not open. */
  public int tlsPort() {
    return tlsPort;
  }

  /** Ends the sessions of devices whose proof no longer holds. Any thread may call. */
  public void review(Function<Proof, Optional<String>> lapsed) {
    for (Session session : sessions.all()) {
      lapsed
          .apply(session.proof())
          .ifPresent(
              why -> {
                LOG.info("{} is sent away: {}", session.device(), why);
                session.end(EndReason.NO_LONGER_BELIEVED);
              });
    }
  }

  /** Whether {@link #drain} has begun. */
  public boolean isDraining() {
    return draining;
  }

  /** Where commands are to be delivered. */
  public CommandTarget commands() {
    return sessions;
  }

  /**
   * Closes in the order that loses nothing: lets nobody in, reads no further message, waits until
   * Kafka has answered for all that was read, acknowledges it, and disconnects. Blocks; not to be
   * called on an event loop.
   */
  public void drain(Duration timeout) {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    draining = true;
    door.close();
    onEveryLoop(deadlineNanos);
    sessions.all().forEach(Session::stopReading);
    onEveryLoop(deadlineNanos);
    while (backpressure.messagesInFlight() > 0 && System.nanoTime() < deadlineNanos) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    int left = backpressure.messagesInFlight();
    if (left > 0) {
      LOG.warn("{} messages are not acknowledged; their devices will send them again", left);
    }
    // Its acknowledgements are still on their way to the loops, and an ended session sends none.
    onEveryLoop(deadlineNanos);
    sessions.all().forEach(session -> session.end(EndReason.GATEWAY_CLOSING));
    onEveryLoop(deadlineNanos);
  }

  /** Waits until every loop has done what it was given before. */
  private void onEveryLoop(long deadlineNanos) {
    CountDownLatch passed = new CountDownLatch(lanes.size());
    lanes.forEach(lane -> lane.run(passed::countDown));
    try {
      boolean all = passed.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (!all) {
        LOG.warn("an event loop did not answer in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener extends VerticleBase {
    private final MqttServerOptions options;
    private final int wantedPort;
    private final IntConsumer opened;

    Listener(MqttServerOptions options, int wantedPort, IntConsumer opened) {
      this.options = options;
      this.wantedPort = wantedPort;
      this.opened = opened;
    }

    @Override
    public Future<?> start() {
      Lane lane = new Lane(context);
      lanes.add(lane);
      return MqttServer.create(vertx, options)
          .endpointHandler(endpoint -> door.knock(endpoint, lane))
          .exceptionHandler(cause -> LOG.debug("before a session began: {}", cause.toString()))
          .listen(wantedPort, options.getHost())
          .onSuccess(server -> opened.accept(server.actualPort()));
    }
  }
}

package dev.earshot.gateway;

import dev.earshot.gateway.http.OperationsHttp;
import dev.earshot.gateway.identity.Authenticator;
import dev.earshot.gateway.identity.DevelopmentAuthenticator;
import dev.earshot.gateway.identity.Identities;
import dev.earshot.gateway.identity.ServerTls;
import dev.earshot.gateway.limits.Limits;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.mqtt.MqttEdge;
import dev.earshot.gateway.mqtt.Transport;
import dev.earshot.gateway.stream.DeviceTopics;
import dev.earshot.gateway.stream.Feed;
import dev.earshot.gateway.stream.KafkaReachability;
import dev.earshot.gateway.stream.Uplink;
import dev.earshot.service.Health;
import dev.earshot.service.StartException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.BindException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway. A message that a device got acknowledged is in Kafka, on all in-sync replicas;
 * it may be there twice. Start, close and the accessors may be called from any thread but an event
 * loop.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long REACHABILITY_INTERVAL_MILLIS = 2_000;
  private static final int START_WITHIN_SECONDS = 30;
  private static final long IDENTITY_INTERVAL_MILLIS = 5_000;

  private final GatewayConfig config;
  private final MqttEdge mqtt;
  private final int opsPort;
  private final Runnable review;
  private final Deque<AutoCloseable> resources;

  private Gateway(
      GatewayConfig config,
      MqttEdge mqtt,
      int opsPort,
      Runnable review,
      Deque<AutoCloseable> resources) {
    this.config = config;
    this.mqtt = mqtt;
    this.opsPort = opsPort;
    this.review = review;
    this.resources = resources;
  }

  /**
   * Starts a gateway; returns when devices can connect.
   *
   * @param clock the fleet's clock: when messages were received
   * @throws StartException when it can't start, with the reason in one line
   */
  public static Gateway start(GatewayConfig config, InstantSource clock) {
    List<String> problems = config.problems();
    if (!problems.isEmpty()) {
      throw new StartException(String.join("; ", problems), null);
    }
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      return start(config, clock, resources);
    } catch (RuntimeException e) {
      closeAll(resources);
      throw e instanceof StartException known
          ? known
          : new StartException("the gateway did not start: " + e.getMessage(), e);
    }
  }

  private static Gateway start(
      GatewayConfig config, InstantSource clock, Deque<AutoCloseable> resources) {
    GatewayMetrics metrics = new GatewayMetrics();
    DeviceTopics.ensure(config);
    // Closed in reverse: the producer outlives the sessions, whose ends are events.
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(config.limits().eventLoops())
                .setPreferNativeTransport(true));
    resources.push(() -> vertx.close().toCompletionStage().toCompletableFuture().get());
    Uplink uplink = Uplink.open(config, metrics);
    resources.push(uplink);
    KafkaReachability reachability = new KafkaReachability(config);
    resources.push(reachability);
    Identities identities = new Identities(vertx, config.identity(), InstantSource.system());
    Optional<ServerTls> tls =
        config
            .identity()
            .tls()
            .map(settings -> new ServerTls(vertx, config.identity().auth(), settings));
    Limits limits =
        new Limits(config.deviceLimits(), config.limits().maxPayloadBytes(), System::nanoTime);
    MqttEdge mqtt =
        new MqttEdge(
            vertx,
            config,
            authenticator(config, identities),
            limits,
            uplink,
            reachability::isAway,
            metrics,
            clock);
    Feed feed = Feed.start(config, mqtt.commands(), metrics);
    resources.push(feed);

    reachability.ask();
    vertx.setPeriodic(REACHABILITY_INTERVAL_MILLIS, ignored -> reachability.ask());
    for (MqttEdge.Opening opening : mqtt.listen(tls)) {
      await(opening.done(), opening.what(), opening.port(), opening.setting());
    }
    Runnable review = () -> review(mqtt, identities, limits, tls);
    vertx.setPeriodic(
        IDENTITY_INTERVAL_MILLIS,
        ignored ->
            vertx
                .executeBlocking(Executors.callable(review))
                .onFailure(
                    failure -> LOG.error("identities could not be looked at again", failure)));
    Health health =
        new Health()
            .check("kafka", reachability::problem)
            .check("commands", feed::problem)
            .check("mqtt", () -> mqtt.isDraining() ? "closing" : "");
    metrics.gauge(
        "identity_problem",
        "1 when a file that tells devices apart can't be read any more",
        () -> problem(identities, tls) ? 1 : 0);
    show(metrics, config, limits, reachability);
    int opsPort =
        await(
                OperationsHttp.listen(
                    vertx, config.host(), config.httpPort(), health, metrics.registry()),
                "health and metrics",
                config.httpPort(),
                "EARSHOT_HTTP_PORT")
            .actualPort();
    LOG.info(
        "{} serves MQTT on {}, over TLS on {}, over WebSocket on {}, over both on {} (0: not),"
            + " health and metrics on {}",
        config.instance(),
        mqtt.port(Transport.TCP),
        mqtt.port(Transport.TLS),
        mqtt.port(Transport.WS),
        mqtt.port(Transport.WSS),
        opsPort);
    return new Gateway(config, mqtt, opsPort, review, resources);
  }

  /** What an operator compares other numbers with, or is to be woken by. */
  private static void show(
      GatewayMetrics metrics, GatewayConfig config, Limits limits, KafkaReachability reachability) {
    metrics.gauge(
        "connection_limit",
        "Sockets that may be open",
        () -> config.deviceLimits().maxConnections());
    metrics.gauge(
        "limits_problem",
        "1 when the file of the fleets' limits can't be read any more",
        () -> limits.problem().isEmpty() ? 0 : 1);
    metrics.gauge(
        "kafka_away",
        "1 when Kafka has not answered for so long that nobody is let in",
        () -> reachability.isAway() ? 1 : 0);
  }

  /** Java's own sockets say so by type, native ones by text only. */
  private static boolean isInUse(@Nullable Throwable cause) {
    return cause instanceof BindException
        || String.valueOf(cause).contains("Address already in use");
  }

  /** Follows what tells devices apart, and sends away who is no longer believed. */
  private static void review(
      MqttEdge mqtt, Identities identities, Limits limits, Optional<ServerTls> tls) {
    identities.refresh();
    limits.refresh();
    tls.ifPresent(ServerTls::refresh);
    mqtt.review(identities::lapsed);
  }

  private static boolean problem(Identities identities, Optional<ServerTls> tls) {
    return !identities.problem().isEmpty()
        || tls.filter(served -> !served.problem().isEmpty()).isPresent();
  }

  private static Authenticator authenticator(GatewayConfig config, Identities identities) {
    return switch (config.identity().auth()) {
      case UNDECIDED, CERTIFICATE, TOKEN, CERTIFICATE_OR_TOKEN -> identities;
      case DEVELOPMENT -> {
        LOG.warn(
            "DEVELOPMENT MODE: every device is believed to be who its user name says. Do not let"
                + " others reach this gateway");
        yield new DevelopmentAuthenticator();
      }
    };
  }

  private static <T> T await(Future<T> future, String what, int port, String setting) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (isInUse(e.getCause())) {
        throw new StartException(
            "port "
                + port
                + " is in use: the gateway can't listen there for "
                + what
                + "; stop what listens, or set another with "
                + setting,
            e);
      }
      throw new StartException("the gateway can't serve " + what + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new StartException("the gateway did not open its port for " + what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while starting", e);
    }
  }

  /** Where devices connect without TLS; 0 when they can't. */
  public int mqttPort() {
    return mqtt.port(Transport.TCP);
  }

  /** Where devices connect with TLS; 0 when they can't. */
  public int mqttsPort() {
    return mqtt.port(Transport.TLS);
  }

  /** Where devices connect by WebSocket without TLS; 0 when they can't. */
  public int webSocketPort() {
    return mqtt.port(Transport.WS);
  }

  /** Where devices connect by WebSocket with TLS; 0 when they can't. */
  public int secureWebSocketPort() {
    return mqtt.port(Transport.WSS);
  }

  /** Looks at once at what tells devices apart, which it otherwise does every 5 seconds. Blocks. */
  public void reviewIdentities() {
    review.run();
  }

  /** Where health and metrics are served. */
  public int opsPort() {
    return opsPort;
  }

  /**
   * Drains and stops: lets nobody in, acknowledges what was read once Kafka has it, disconnects the
   * devices. Takes as long as configured at most, plus seconds to close the clients.
   */
  @Override
  public void close() {
    mqtt.drain(config.limits().drainSpread(), config.limits().drainTimeout());
    closeAll(resources);
  }

  private static void closeAll(Deque<AutoCloseable> resources) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.warn("while closing: {}", e.toString());
      }
    }
  }
}

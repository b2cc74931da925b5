package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.identity.Authenticator;
import dev.earshot.gateway.identity.Proof;
import dev.earshot.gateway.identity.ServerTls;
import dev.earshot.gateway.limits.Limits;
import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.stream.CommandTarget;
import dev.earshot.gateway.stream.Uplink;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MQTT side of a gateway: up to four ports (TCP, TLS, and WebSocket over both), each served by
 * all event loops, each with its share of the connections.
 *
 * <p>Sockets, TLS and event loops are Vert.x's; packets but PUBLISH are read and written by Netty's
 * MQTT codec.
 */
public final class MqttEdge {
  private static final Logger LOG = LoggerFactory.getLogger(MqttEdge.class);
  private static final int BACKLOG = 4096;

  private final Vertx vertx;
  private final GatewayConfig config;
  private final Sessions sessions;
  private final Backpressure backpressure;
  private final SessionServices services;
  private final Door door;
  private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
  private final Map<Transport, Integer> ports = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /**
   * Builds it; {@link #listen} opens it.
   *
   * @param kafkaAway whether Kafka takes nothing at the moment, so that nobody should come in
   */
  public MqttEdge(
      Vertx vertx,
      GatewayConfig config,
      Authenticator authenticator,
      Limits limits,
      Uplink uplink,
      BooleanSupplier kafkaAway,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.vertx = vertx;
    this.config = config;
    sessions = new Sessions(new Epochs(InstantSource.system()), metrics);
    backpressure =
        new Backpressure(config.limits().maxInFlightMessages(), config.limits().maxInFlightBytes());
    SocketReads.Paused paused = new SocketReads.Paused();
    SessionLog log = new SessionLog(uplink, clock, config.instance());
    services =
        new SessionServices(uplink, backpressure, limits, sessions, paused, metrics, clock, log);
    door = new Door(authenticator, services, config.deviceLimits(), kafkaAway);
    metrics.gauge("connections", "Sessions that are open", sessions::count);
    metrics.gauges(
        "sessions_open",
        "Sessions that are open, by what carries them",
        "transport",
        Arrays.stream(Transport.values()).toList(),
        Transport::label,
        sessions::count);
    metrics.gauge("sockets", "Sockets that are open, with a session or not", limits::sockets);
    metrics.gauge(
        "in_flight_messages", "Sent to Kafka, not answered", backpressure::messagesInFlight);
    metrics.gauge("in_flight_bytes", "Payload of these", backpressure::bytesInFlight);
    metrics.gauges(
        "paused_sockets",
        "Sockets that are not read, by why; one may count for several",
        "why",
        Arrays.stream(SocketReads.Why.values()).toList(),
        SocketReads.Why::label,
        paused::count);
  }

  /**
   * Opens the ports that are configured.
   *
   * @param tls what secured ports use, when there are any
   * @return one future for each port, with what it is for
   */
  public List<Opening> listen(Optional<ServerTls> tls) {
    List<Opening> openings = new ArrayList<>();
    for (Map.Entry<Transport, Integer> wanted : wanted(tls.isPresent()).entrySet()) {
      Transport transport = wanted.getKey();
      NetServerOptions options = options();
      openings.add(
          new Opening(
              transport,
              wanted.getValue(),
              listen(
                  transport,
                  transport.isTls() ? tls.orElseThrow().applyTo(options) : options,
                  wanted.getValue())));
    }
    return openings;
  }

  /** A port that is being opened. */
  public record Opening(Transport transport, int port, Future<Void> done) {
    /** What the port is for, and the setting that chooses it. */
    public String what() {
      return switch (transport) {
        case TCP -> "MQTT";
        case TLS -> "MQTT over TLS";
        case WS -> "MQTT over WebSocket";
        case WSS -> "MQTT over WebSocket and TLS";
      };
    }

    /** The setting that chooses the port. */
    public String setting() {
      return switch (transport) {
        case TCP -> "EARSHOT_MQTT_PORT";
        case TLS -> "EARSHOT_MQTTS_PORT";
        case WS -> "EARSHOT_MQTT_WS_PORT";
        case WSS -> "EARSHOT_MQTTS_WS_PORT";
      };
    }
  }

  private Map<Transport, Integer> wanted(boolean tls) {
    Map<Transport, Integer> wanted = new EnumMap<>(Transport.class);
    if (config.identity().plain()) {
      wanted.put(Transport.TCP, config.mqttPort());
      config.webSocketPort().ifPresent(port -> wanted.put(Transport.WS, port));
    }
    if (tls) {
      config.identity().tls().ifPresent(settings -> wanted.put(Transport.TLS, settings.port()));
      config.secureWebSocketPort().ifPresent(port -> wanted.put(Transport.WSS, port));
    }
    return wanted;
  }

  private NetServerOptions options() {
    return new NetServerOptions()
        .setHost(config.host())
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setReuseAddress(true)
        .setAcceptBacklog(BACKLOG);
  }

  private Future<Void> listen(Transport transport, NetServerOptions options, int wanted) {
    // Servers that ask for the same port share it; a negative one means one free port for all that
    // ask for the same negative one.
    int shared = wanted != 0 ? wanted : -1 - transport.ordinal();
    Future<Void> listening = Future.succeededFuture();
    for (int i = 0; i < config.limits().eventLoops(); i++) {
      listening =
          listening.compose(
              ignored -> vertx.deployVerticle(new Listener(transport, options, shared)).mapEmpty());
    }
    return listening;
  }

  /** The port that devices connect to; 0 when it is not open. */
  public int port(Transport transport) {
    return ports.getOrDefault(transport, 0);
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
   * Closes in the order that loses nothing: lets nobody in; then one session after the other,
   * spread over time so that the other gateways are not overrun, reads no further message,
   * acknowledges what was read once Kafka has it, and is told to go. Blocks; not to be called on an
   * event loop.
   *
   * @param spread from the first session's end to the last's; less than the timeout
   * @param timeout what has not ended then is cut off
   */
  public void drain(Duration spread, Duration timeout) {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    draining = true;
    door.close();
    onEveryLoop(deadlineNanos);
    Collection<Session> leaving = sessions.all();
    long step = leaving.isEmpty() ? 0 : spread.toNanos() / leaving.size();
    long after = 0;
    for (Session session : leaving) {
      session.lane().loop().schedule(session::finish, after, TimeUnit.NANOSECONDS);
      after += step;
    }
    while (sessions.count() > 0 && System.nanoTime() < deadlineNanos) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    int left = backpressure.messagesInFlight();
    if (left > 0) {
      LOG.warn("{} messages are not acknowledged; their devices will send them again", left);
    }
    sessions.all().forEach(session -> session.end(EndReason.GATEWAY_CLOSING));
    onEveryLoop(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
  }

  /** Waits until every loop has done what it was given before. */
  private void onEveryLoop(long deadlineNanos) {
    CountDownLatch passed = new CountDownLatch(lanes.size());
    lanes.values().forEach(lane -> lane.run(passed::countDown));
    try {
      if (!passed.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        LOG.warn("an event loop did not answer in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener extends VerticleBase {
    private final Transport transport;
    private final NetServerOptions options;
    private final int wantedPort;

    Listener(Transport transport, NetServerOptions options, int wantedPort) {
      this.transport = transport;
      this.options = options;
      this.wantedPort = wantedPort;
    }

    @Override
    public Future<?> start() {
      Lane lane =
          lanes.computeIfAbsent(
              ((ContextInternal) context).nettyEventLoop(),
              loop -> new Lane(loop, backpressure, services.metrics(), services.clock()));
      return vertx
          .createNetServer(options)
          .connectHandler(
              socket ->
                  Connection.serve(
                      ((NetSocketInternal) socket).channelHandlerContext(),
                      transport,
                      lane,
                      door,
                      services))
          .exceptionHandler(cause -> LOG.debug("before a connection began: {}", cause.toString()))
          .listen(wantedPort, config.host())
          .onSuccess(server -> ports.put(transport, server.actualPort()));
    }
  }
}

package dev.earshot.monitoring;

import dev.earshot.monitoring.http.MonitoringHttp;
import dev.earshot.monitoring.stream.HealthStream;
import dev.earshot.service.StartException;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The monitoring service: a topology and HTTP in front of it. */
public final class Monitoring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);
  private static final long TIMEOUT_SECONDS = 30;

  private final Vertx vertx;
  private final HealthStream stream;
  private final HttpServer server;

  private Monitoring(Vertx vertx, HealthStream stream, HttpServer server) {
    this.vertx = vertx;
    this.stream = stream;
    this.server = server;
  }

  /**
   * Starts both; returns when HTTP is open. {@code /health/ready} tells when the stores can be
   * read.
   *
   * @param clock the fleet's: silence and retention run on it
   * @throws StartException with one clear line, when Kafka or the port can't be used
   */
  public static Monitoring start(MonitoringConfig config, InstantSource clock) {
    CollectorRegistry registry = new CollectorRegistry();
    Vertx vertx = Vertx.vertx();
    HealthStream stream;
    try {
      stream = HealthStream.start(config, clock, registry);
    } catch (RuntimeException e) {
      vertx.close();
      throw new StartException("monitoring did not start: " + e.getMessage(), e);
    }
    try {
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(MonitoringHttp.router(vertx, stream, registry, config))
              .listen(config.port(), config.host())
              .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      LOG.info("monitoring listens on port {}", server.actualPort());
      return new Monitoring(vertx, stream, server);
    } catch (Exception e) {
      stream.close();
      vertx.close();
      throw new StartException(
          "monitoring can't listen on "
              + config.host()
              + ":"
              + config.port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** The port of HTTP. */
  public int port() {
    return server.actualPort();
  }

  /** Empty when the stores can be read, else why not. */
  public String problem() {
    return stream.problem();
  }

  /** Stops HTTP, then the stream; what was counted is committed. */
  @Override
  public void close() {
    try {
      server.close().await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("HTTP did not close cleanly: {}", e.toString());
    }
    stream.close();
    vertx.close();
  }
}

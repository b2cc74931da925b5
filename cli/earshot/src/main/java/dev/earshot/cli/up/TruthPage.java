package dev.earshot.cli.up;

import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import dev.earshot.simulator.FleetMetrics;
import dev.earshot.simulator.FleetSimulator;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;

/**
 * The simulated fleet's own metrics page: what really happened, to be held against what the
 * services counted. Listens on the loopback address.
 */
final class TruthPage implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final HttpServer server;

  private TruthPage(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /** Serves; {@code port} 0 means any free one. */
  static TruthPage start(FleetSimulator fleet, int port) {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(new FleetMetrics(fleet));
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(HttpEdge.router(vertx, new Health(), registry))
            .listen(port, HOST)
            .await();
    return new TruthPage(vertx, server);
  }

  /** Where it listens. */
  URI url() {
    return URI.create("http://" + HOST + ":" + server.actualPort());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

package dev.earshot.gateway.http;

import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** Serves {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
public final class OperationsHttp {
  private OperationsHttp() {}

  public static Future<HttpServer> listen(
      Vertx vertx, String host, int port, Health health, CollectorRegistry metrics) {
    return vertx
        .createHttpServer()
        .requestHandler(HttpEdge.router(vertx, health, metrics))
        .listen(port, host);
  }
}

package dev.earshot.monitoring.http;

import dev.earshot.monitoring.MonitoringConfig;
import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.SeriesBudget;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The routes. Store reads may touch the disk, so handlers run on worker threads. */
public final class MonitoringHttp {
  private static final String DESCRIPTION = "/dev/earshot/monitoring/openapi.yaml";

  private MonitoringHttp() {}

  /** Registers the fleet's metrics and returns the router. */
  public static Router router(
      Vertx vertx, FleetView view, CollectorRegistry registry, MonitoringConfig config) {
    registry.register(new FleetCollector(view, new SeriesBudget(config.limits().series())));
    Health health = new Health().check("stream", view::problem);
    Router router = HttpEdge.router(vertx, health, registry);
    Buffer description = description();
    router
        .get("/openapi.yaml")
        .handler(
            ctx ->
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                    .end(description));
    DeviceQueries devices = new DeviceQueries(view);
    Handler<RoutingContext> token = HttpEdge.bearer(config.adminToken());
    mount(router, "/v1/devices", token, devices::list);
    mount(router, "/v1/devices/:fleet/:device", token, devices::one);
    mount(router, "/v1/health", token, new WindowQueries(view)::answer);
    mount(router, "/v1/scores/:name/:version", token, new ScoreQueries(view)::answer);
    return router;
  }

  private static void mount(
      Router router, String path, Handler<RoutingContext> token, Handler<RoutingContext> handler) {
    router.get(path).handler(token);
    router
        .get(path)
        .blockingHandler(
            ctx -> {
              try {
                handler.handle(ctx);
              } catch (FleetView.NotReady e) {
                throw new ProblemException(
                    ProblemType.UNAVAILABLE, e.getMessage() + "; try again in a few seconds");
              }
            },
            false);
  }

  private static Buffer description() {
    try (InputStream in = MonitoringHttp.class.getResourceAsStream(DESCRIPTION)) {
      if (in == null) {
        throw new IllegalStateException(DESCRIPTION + " is not on the class path");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.earshot.monitoring.http;

import dev.earshot.monitoring.stream.HealthStream;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The routes. Store reads may touch the disk, so handlers run on worker threads. */
public final class MonitoringHttp {
  private static final int LARGEST_PAGE = 1000;

  private final HealthStream stream;

  private MonitoringHttp(HealthStream stream) {
    this.stream = stream;
  }

  /** Registers the fleet's metrics and returns the router. */
  public static Router router(
      Vertx vertx, HealthStream stream, CollectorRegistry registry, String adminToken) {
    MonitoringHttp http = new MonitoringHttp(stream);
    registry.register(new FleetCollector(stream));
    Health health = new Health().check("stream", stream::problem);
    Router router = HttpEdge.router(vertx, health, registry);
    router.get("/v1/devices").handler(HttpEdge.bearer(adminToken));
    router.get("/v1/devices").blockingHandler(http::devices, false);
    router.get("/v1/devices/:fleet/:device").handler(HttpEdge.bearer(adminToken));
    router.get("/v1/devices/:fleet/:device").blockingHandler(http::device, false);
    return router;
  }

  private void devices(RoutingContext ctx) {
    int limit = limit(ctx);
    String after = ctx.request().getParam("after", "");
    List<HealthStream.DeviceView> page = readable(() -> stream.devices(after, limit));
    if (page.size() == limit) {
      ctx.response()
          .putHeader(
              "Link",
              "</v1/devices?limit="
                  + limit
                  + "&after="
                  + URLEncoder.encode(page.getLast().id().toString(), StandardCharsets.UTF_8)
                  + ">; rel=\"next\"");
    }
    HttpEdge.json(
        ctx,
        200,
        Map.of("devices", page.stream().map(view -> json(view.id(), view.health())).toList()));
  }

  private void device(RoutingContext ctx) {
    DeviceId id = DeviceId.parse(ctx.pathParam("fleet") + "/" + ctx.pathParam("device"));
    DeviceHealth health =
        readable(() -> stream.device(id))
            .orElseThrow(
                () -> new ProblemException(ProblemType.NOT_FOUND, "never heard of device " + id));
    HttpEdge.json(ctx, 200, json(id, health));
  }

  private static int limit(RoutingContext ctx) {
    String text = ctx.request().getParam("limit", "100");
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw new ProblemException(
        ProblemType.INVALID_REQUEST,
        "the page size is not valid",
        List.of(
            new Problem.FieldError(
                "limit", "'" + text + "' (expected: a number from 1 to " + LARGEST_PAGE + ")")));
  }

  private static <T> T readable(Supplier<T> read) {
    try {
      return read.get();
    } catch (HealthStream.NotReady e) {
      throw new ProblemException(
          ProblemType.UNAVAILABLE, e.getMessage() + "; try again in a few seconds");
    }
  }

  private static Map<String, Object> json(DeviceId id, DeviceHealth device) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("device", id.toString());
    json.put("chip", device.getAttributes().getChip());
    json.put("region", device.getAttributes().getRegion());
    json.put("firmware", device.getAttributes().getFirmware());
    json.put("connected", device.getConnected());
    json.put("release", device.getRelease());
    json.put(
        "modelDigest",
        device.getModelDigest().isEmpty()
            ? ""
            : Digest.ofBytes(device.getModelDigest().toByteArray()).toString());
    json.put("environment", Labels.of(device.getEnvironment()));
    json.put("rollout", device.getRollout());
    json.put("arm", Labels.of(device.getArm()));
    json.put("lastHeartbeatMs", device.getLastHeartbeatMs());
    json.put("batterySocPct", device.getBatterySocPct());
    json.put("heartbeats", device.getHeartbeats());
    json.put("falseAccepts", device.getFalseAccepts());
    json.put("listeningMs", device.getListeningMs());
    if (device.hasUpdate()) {
      json.put(
          "update",
          Map.of(
              "release", device.getUpdate().getRelease(),
              "state", device.getUpdate().getState().name().toLowerCase(Locale.ROOT),
              "result", device.getUpdate().getResult().name().toLowerCase(Locale.ROOT),
              "text", device.getUpdate().getText()));
    }
    return json;
  }
}

package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.FleetView.DeviceFilter;
import dev.earshot.monitoring.health.FleetView.DeviceHistory;
import dev.earshot.monitoring.health.FleetView.DevicePage;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.service.HttpEdge;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;

/** Devices one by one, where labels of metrics would explode. */
final class DeviceQueries {
  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;

  private final FleetView view;

  DeviceQueries(FleetView view) {
    this.view = view;
  }

  void list(RoutingContext ctx) {
    Query query =
        new Query(
            ctx, Set.of("limit", "after", "fleet", "release", "cohort", "connected", "silent"));
    String after = query.text("after");
    DeviceFilter filter =
        new DeviceFilter(
            query.text("fleet"),
            query.text("release"),
            query.text("cohort"),
            query.flag("connected"),
            query.flag("silent"));
    DevicePage page =
        view.devices(
            after == null ? "" : after,
            query.number("limit", DEFAULT_PAGE, 1, LARGEST_PAGE),
            filter);
    String next = page.next();
    if (next != null) {
      ctx.response().putHeader("Link", "<" + query.with("after", next) + ">; rel=\"next\"");
    }
    long now = view.nowMillis();
    HttpEdge.json(
        ctx,
        200,
        Map.of(
            "devices",
            page.devices().stream()
                .map(device -> DeviceJson.of(device.id(), device.health(), now))
                .toList()));
  }

  void one(RoutingContext ctx) {
    DeviceId id = DeviceId.parse(ctx.pathParam("fleet") + "/" + ctx.pathParam("device"));
    DeviceHistory history =
        view.device(id)
            .orElseThrow(
                () -> new ProblemException(ProblemType.NOT_FOUND, "never heard of device " + id));
    HttpEdge.json(ctx, 200, DeviceJson.of(id, history, view.nowMillis()));
  }
}

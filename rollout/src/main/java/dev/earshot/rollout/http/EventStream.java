package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events of one rollout: its audit trail from the beginning (or after {@code
 * Last-Event-ID}), each event under its kind, and {@code progress} with the whole rollout whenever
 * that has changed. Looks at the copy in memory several times a second; a client that does not read
 * is skipped, not buffered for. All on the connection's event loop.
 */
final class EventStream {
  private static final long LOOK_MILLIS = 250;
  private static final int LOOKS_PER_KEEP_ALIVE = 60;

  private final ControlPlane plane;
  private final String rollout;
  private final HttpServerResponse response;
  private int sent;
  private int quietLooks;
  private @Nullable RolloutSnapshot shown;

  private EventStream(ControlPlane plane, String rollout, HttpServerResponse response, int sent) {
    this.plane = plane;
    this.rollout = rollout;
    this.response = response;
    this.sent = sent;
  }

  static void open(RoutingContext ctx, ControlPlane plane, String rollout) {
    HttpServerResponse response = ctx.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .setChunked(true);
    EventStream stream =
        new EventStream(plane, rollout, response, after(ctx.request().getHeader("Last-Event-ID")));
    Vertx vertx = ctx.vertx();
    long timer = vertx.setPeriodic(LOOK_MILLIS, ignored -> stream.look());
    response.closeHandler(ignored -> vertx.cancelTimer(timer));
    response.exceptionHandler(ignored -> vertx.cancelTimer(timer));
    stream.look();
  }

  private void look() {
    if (response.closed() || response.writeQueueFull()) {
      return;
    }
    boolean quiet = true;
    List<RolloutEvent> events = plane.events(rollout);
    while (sent < events.size()) {
      RolloutEvent event = events.get(sent);
      sent++;
      write(event.getKind(), "id: " + sent + "\n", RolloutJson.event(event));
      quiet = false;
    }
    RolloutSnapshot snapshot = plane.rollout(rollout);
    if (snapshot != null && !snapshot.equals(shown)) {
      shown = snapshot;
      write("progress", "", RolloutJson.rollout(snapshot));
      quiet = false;
    }
    quietLooks = quiet ? quietLooks + 1 : 0;
    if (quietLooks == LOOKS_PER_KEEP_ALIVE) {
      quietLooks = 0;
      response.write(": still here\n\n");
    }
  }

  private void write(String kind, String id, JsonNode data) {
    response.write(
        "event: "
            + kind
            + "\n"
            + id
            + "data: "
            + new String(RolloutJson.bytes(data), StandardCharsets.UTF_8)
            + "\n\n");
  }

  private static int after(@Nullable String lastEventId) {
    try {
      return lastEventId == null ? 0 : Math.max(0, Integer.parseInt(lastEventId));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}

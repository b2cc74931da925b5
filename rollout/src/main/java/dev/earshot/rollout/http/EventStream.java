package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events. Looks at the copy in memory several times a second; a client that does not
 * read is waited for, not buffered for. All on the connection's event loop.
 */
abstract class EventStream {
  /** The kind of event that carries a rollout as it stands. */
  static final String PROGRESS = "progress";

  /** Entries of an audit trail that are written in one look, at most. */
  static final int BATCH = 500;

  private static final long LOOK_MILLIS = 250;
  private static final int LOOKS_PER_KEEP_ALIVE = 60;

  private final HttpServerResponse response;
  private int quietLooks;
  private boolean written;

  EventStream(HttpServerResponse response) {
    this.response = response;
  }

  /** Writes what is new. */
  abstract void look();

  /** Begins the answer and looks until the client goes away. */
  final void run(RoutingContext ctx) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .setChunked(true);
    Vertx vertx = ctx.vertx();
    long timer = vertx.setPeriodic(LOOK_MILLIS, ignored -> lookOnce());
    response.closeHandler(ignored -> vertx.cancelTimer(timer));
    response.exceptionHandler(ignored -> vertx.cancelTimer(timer));
    response.write(": here is what happens\n\n");
    lookOnce();
  }

  final void write(String kind, String id, JsonNode data) {
    written = true;
    response.write(
        "event: "
            + kind
            + (id.isEmpty() ? "" : "\nid: " + id)
            + "\ndata: "
            + new String(RolloutJson.bytes(data), StandardCharsets.UTF_8)
            + "\n\n");
  }

  private void lookOnce() {
    if (response.closed() || response.writeQueueFull()) {
      return;
    }
    written = false;
    look();
    quietLooks = written ? 0 : quietLooks + 1;
    if (quietLooks == LOOKS_PER_KEEP_ALIVE) {
      quietLooks = 0;
      response.write(": still here\n\n");
    }
  }
}

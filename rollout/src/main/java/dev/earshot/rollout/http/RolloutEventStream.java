package dev.earshot.rollout.http;

import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.ControlPlane.Entry;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rollout: its audit trail from the beginning (or after {@code Last-Event-ID}), each event
 * under its kind, and {@code progress} with the whole rollout whenever that has changed.
 */
final class RolloutEventStream extends EventStream {
  private final ControlPlane plane;
  private final String rollout;
  private long sent;
  private @Nullable RolloutSnapshot shown;

  private RolloutEventStream(
      HttpServerResponse response, ControlPlane plane, String rollout, long sent) {
    super(response);
    this.plane = plane;
    this.rollout = rollout;
    this.sent = sent;
  }

  static void open(RoutingContext ctx, ControlPlane plane, String rollout) {
    long after = after(ctx.request().getHeader("Last-Event-ID"));
    new RolloutEventStream(ctx.response(), plane, rollout, after).run(ctx);
  }

  @Override
  void look() {
    List<Entry> news = plane.events(rollout, sent, BATCH);
    for (Entry entry : news) {
      sent = entry.offset();
      write(entry.event().getKind(), Long.toString(sent), RolloutJson.event(entry));
    }
    RolloutSnapshot snapshot = plane.rollout(rollout);
    if (news.size() < BATCH && snapshot != null && !snapshot.equals(shown)) {
      shown = snapshot;
      write(PROGRESS, "", RolloutJson.rollout(snapshot));
    }
  }

  private static long after(@Nullable String lastEventId) {
    try {
      return lastEventId == null ? -1 : Math.max(-1, Long.parseLong(lastEventId.strip()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

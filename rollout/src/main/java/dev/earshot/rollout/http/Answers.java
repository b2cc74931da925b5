package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** How answers are written. */
final class Answers {
  private static final String JSON = "application/json";
  private static final int TAG_DIGITS = 32;

  private Answers() {}

  /** A rollout, tagged with the revision that the next action names in {@code If-Match}. */
  static void rollout(RoutingContext ctx, RolloutSnapshot snapshot) {
    ctx.response().putHeader(HttpHeaders.ETAG, "\"" + snapshot.getRevision() + "\"");
    json(ctx, RolloutJson.rollout(snapshot));
  }

  /** A resource that is tagged by its content: not sent again to who has it. */
  static void resource(RoutingContext ctx, JsonNode node) {
    resource(ctx, JSON, Buffer.buffer(RolloutJson.bytes(node)));
  }

  static void resource(RoutingContext ctx, String mediaType, Buffer content) {
    String tag = "\"" + Digest.of(content.getBytes()).hex().substring(0, TAG_DIGITS) + "\"";
    ctx.response().putHeader(HttpHeaders.ETAG, tag);
    String known = ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && Arrays.stream(known.split(",")).map(String::strip).anyMatch(tag::equals)) {
      ctx.response().setStatusCode(304).end();
      return;
    }
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, mediaType).end(content);
  }

  /** What is no resource: the outcome of a question. */
  static void json(RoutingContext ctx, JsonNode node) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .end(Buffer.buffer(RolloutJson.bytes(node)));
  }

  /** Waits for an answer of the control plane on the connection's event loop. */
  static Future<RolloutEvent> accepted(RoutingContext ctx, CompletableFuture<RolloutEvent> answer) {
    return Future.fromCompletionStage(answer, ctx.vertx().getOrCreateContext())
        .recover(
            failure ->
                Future.failedFuture(
                    new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "no answer in time; look at the rollout before trying again, or send the"
                            + " same request with the same Idempotency-Key")))
        .compose(
            event ->
                event.getProblem().isEmpty()
                    ? Future.succeededFuture(event)
                    : Future.failedFuture(
                        new ProblemException(
                            ProblemType.valueOf(event.getProblem()), event.getReason())));
  }

  /** The rollout that an event is about, as it stands now. */
  static RolloutSnapshot snapshot(ControlPlane plane, String id) {
    RolloutSnapshot snapshot = plane.rollout(id);
    if (snapshot == null) {
      throw new ProblemException(ProblemType.NOT_FOUND, "no rollout " + id);
    }
    return snapshot;
  }
}

package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.ControlPlane.Assigned;
import dev.earshot.service.HttpEdge;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/rollouts}. Every rollout has an entity tag, its revision; every action names the
 * revision that it was decided on ({@code If-Match}), so that nobody acts on a picture that has
 * changed.
 */
public final class RolloutApi {
  private static final String JSON = "application/json";
  private static final String EVENT_STREAM = "text/event-stream";
  private static final String OPENAPI = "openapi.yaml";
  private static final int LONGEST_BODY = 64 * 1024;
  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;

  /** With one operator token there is one operator. */
  private static final String ACTOR = "admin";

  private final ControlPlane plane;
  private final Buffer openApi;

  private RolloutApi(ControlPlane plane, Buffer openApi) {
    this.plane = plane;
    this.openApi = openApi;
  }

  /** Adds the routes; {@code /v1} only with that bearer token. */
  public static void mount(Router router, ControlPlane plane, String token) {
    RolloutApi api = new RolloutApi(plane, OpenApi.document());
    router.get("/" + OPENAPI).handler(api::openApi);
    router.route("/v1/*").handler(HttpEdge.bearer(token));
    router
        .post("/v1/rollouts")
        .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
        .handler(api::create);
    router.get("/v1/rollouts").handler(api::list);
    router.get("/v1/rollouts/:id").handler(api::get);
    router.get("/v1/rollouts/:id/events").handler(api::events);
    router.get("/v1/rollouts/:id/assignments").handler(api::assignments);
    for (Action action : Action.values()) {
      router
          .post("/v1/rollouts/:id/" + action.word())
          .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
          .handler(ctx -> api.act(ctx, action));
    }
  }

  private void openApi(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml").end(openApi);
  }

  private void create(RoutingContext ctx) {
    RolloutRequest request =
        CreateRequest.read(body(ctx), ctx.request().getHeader("Idempotency-Key"), plane, ACTOR);
    ctx.response().putHeader(HttpHeaders.LOCATION, "/v1/rollouts/" + request.getRollout());
    submit(ctx, request, 201);
  }

  private void act(RoutingContext ctx, Action action) {
    RolloutSnapshot snapshot = find(ctx);
    JsonNode body = ActionBody.read(body(ctx));
    RolloutRequest request =
        action.on(
            RolloutRequest.newBuilder()
                .setRequestId(CreateRequest.randomHex())
                .setRollout(snapshot.getRollout())
                .setActor(ACTOR)
                .setReason(body.path("reason").asText(""))
                .setExpectedRevision(Preconditions.revision(ctx)),
            body.path("keep").asBoolean(false));
    submit(ctx, request, 200);
  }

  private void submit(RoutingContext ctx, RolloutRequest request, int status) {
    Future.fromCompletionStage(plane.submit(request), ctx.vertx().getOrCreateContext())
        .onSuccess(event -> answer(ctx, event, status))
        .onFailure(
            failure ->
                ctx.fail(
                    new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "no answer in time; look at the rollout before trying again")));
  }

  private void answer(RoutingContext ctx, RolloutEvent event, int status) {
    RolloutSnapshot snapshot = plane.rollout(event.getRollout());
    if (!event.getProblem().isEmpty() || snapshot == null) {
      ctx.response().headers().remove(HttpHeaders.LOCATION);
      ctx.fail(new ProblemException(ProblemType.valueOf(event.getProblem()), event.getReason()));
      return;
    }
    ctx.response().setStatusCode(status);
    send(ctx, snapshot);
  }

  private void list(RoutingContext ctx) {
    ArrayNode rollouts = JsonNodeFactory.instance.arrayNode();
    plane.rollouts().stream()
        .sorted(Comparator.comparingLong(RolloutSnapshot::getCreatedAtMs).reversed())
        .forEach(snapshot -> rollouts.add(RolloutJson.summary(snapshot)));
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("rollouts", rollouts);
    json(ctx, node);
  }

  private void get(RoutingContext ctx) {
    send(ctx, find(ctx));
  }

  private void events(RoutingContext ctx) {
    RolloutSnapshot snapshot = find(ctx);
    String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.contains(EVENT_STREAM)) {
      EventStream.open(ctx, plane, snapshot.getRollout());
      return;
    }
    ArrayNode events = JsonNodeFactory.instance.arrayNode();
    plane.events(snapshot.getRollout()).forEach(event -> events.add(RolloutJson.event(event)));
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("events", events);
    json(ctx, node);
  }

  private void assignments(RoutingContext ctx) {
    RolloutSnapshot snapshot = find(ctx);
    String after = ctx.request().getParam("after", "");
    int limit = limit(ctx.request().getParam("limit"));
    List<Assigned> page = plane.assignments(snapshot.getRollout(), after, limit);
    ArrayNode assignments = JsonNodeFactory.instance.arrayNode();
    page.forEach(assigned -> assignments.add(RolloutJson.assignment(assigned)));
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("assignments", assignments);
    if (page.size() == limit) {
      ctx.response()
          .putHeader(
              "Link",
              "</v1/rollouts/"
                  + snapshot.getRollout()
                  + "/assignments?limit="
                  + limit
                  + "&after="
                  + page.getLast().device().replace("/", "%2F")
                  + ">; rel=\"next\"");
    }
    json(ctx, node);
  }

  private RolloutSnapshot find(RoutingContext ctx) {
    String id = ctx.pathParam("id");
    RolloutSnapshot snapshot = id == null ? null : plane.rollout(id);
    if (snapshot == null) {
      throw new ProblemException(ProblemType.NOT_FOUND, "no rollout " + id);
    }
    return snapshot;
  }

  private static void send(RoutingContext ctx, RolloutSnapshot snapshot) {
    ctx.response().putHeader(HttpHeaders.ETAG, "\"" + snapshot.getRevision() + "\"");
    json(ctx, RolloutJson.rollout(snapshot));
  }

  private static void json(RoutingContext ctx, JsonNode node) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .end(Buffer.buffer(RolloutJson.bytes(node)));
  }

  private static String body(RoutingContext ctx) {
    String body = ctx.body().asString();
    return body == null ? "" : body;
  }

  private static int limit(@Nullable String text) {
    try {
      int limit = text == null ? DEFAULT_PAGE : Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new ProblemException(
        ProblemType.INVALID_REQUEST, "limit: '" + text + "' (expected: 1 to " + LARGEST_PAGE + ")");
  }
}

package dev.earshot.rollout.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.RolloutIds;
import dev.earshot.rollout.operator.Role;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/**
 * What can be asked for. A request that comes again under its idempotency key is answered like the
 * first time, with the rollout as it stands now, and has no second effect.
 */
final class RolloutCommands {
  private final ControlPlane plane;

  RolloutCommands(ControlPlane plane) {
    this.plane = plane;
  }

  void create(RoutingContext ctx) {
    String body = body(ctx);
    RequestIdentity identity = RequestIdentity.of(ctx, body);
    Optional<RolloutEvent> before = identity.answered(plane);
    RolloutRequest request =
        before.isPresent() ? again(before.get()) : creation(ctx, identity, PlanBody.read(body));
    Answers.accepted(ctx, plane.submit(request))
        .onFailure(ctx::fail)
        .onSuccess(
            event -> {
              ctx.response()
                  .setStatusCode(201)
                  .putHeader(HttpHeaders.LOCATION, "/v1/rollouts/" + event.getRollout());
              Answers.rollout(ctx, Answers.snapshot(plane, event.getRollout()));
            });
  }

  void act(RoutingContext ctx, Action action) {
    String body = body(ctx);
    String id = String.valueOf(ctx.pathParam("id"));
    if (RolloutIds.isPreview(id)) {
      throw new ProblemException(ProblemType.NOT_FOUND, id + " is a preview, not a rollout");
    }
    Answers.snapshot(plane, id);
    ActionBody what = ActionBody.read(action, body);
    long revision = Preconditions.revision(ctx);
    RequestIdentity identity = RequestIdentity.of(ctx, body);
    RolloutRequest request =
        identity
            .answered(plane)
            .map(RolloutCommands::again)
            .orElseGet(
                () ->
                    action.on(
                        RolloutRequest.newBuilder()
                            .setRequestId(identity.id())
                            .setRollout(id)
                            .setActor(Guard.operator(ctx).name())
                            .setReason(what.reason())
                            .setExpectedRevision(revision),
                        what.keep()));
    Answers.accepted(ctx, plane.submit(request))
        .onFailure(ctx::fail)
        .onSuccess(event -> Answers.rollout(ctx, Answers.snapshot(plane, event.getRollout())));
  }

  /** The body as text; empty when there is none. */
  static String body(RoutingContext ctx) {
    String body = ctx.body().asString();
    return body == null ? "" : body;
  }

  /** What the control plane answers as it did the first time. */
  static RolloutRequest again(RolloutEvent first) {
    return RolloutRequest.newBuilder()
        .setRequestId(first.getRequestId())
        .setRollout(first.getRollout())
        .build();
  }

  private RolloutRequest creation(RoutingContext ctx, RequestIdentity identity, PlanBody plan) {
    if (plan.start()) {
      Guard.require(ctx, Set.of(Role.OPERATOR), "creating a rollout with start: true");
    }
    return RolloutRequest.newBuilder()
        .setRequestId(identity.id())
        .setRollout(RolloutIds.rollout(identity.name()))
        .setActor(Guard.operator(ctx).name())
        .setCreate(plan.creation(plane).setStart(plan.start()))
        .build();
  }
}

package dev.earshot.rollout.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.RolloutIds;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.rollout.preview.RolloutPreview;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** What can be asked about a plan before it becomes a rollout. */
final class PlanQuestions {
  private static final long LOOK_MILLIS = 50;

  private final ControlPlane plane;
  private final Duration countWithin;

  /**
   * Answers questions.
   *
   * @param countWithin how long the devices may take to be counted
   */
  PlanQuestions(ControlPlane plane, Duration countWithin) {
    this.plane = plane;
    this.countWithin = countWithin;
  }

  /** The plan with every default written out. */
  void validate(RoutingContext ctx) {
    String body = RolloutCommands.body(ctx);
    RequestIdentity.of(ctx, body).answered(plane);
    Answers.json(ctx, PlanFormat.write(PlanBody.read(body).plan()));
  }

  /** The dry run. */
  void preview(RoutingContext ctx) {
    String body = RolloutCommands.body(ctx);
    RequestIdentity identity = RequestIdentity.of(ctx, body);
    Optional<RolloutEvent> before = identity.answered(plane);
    PlanBody plan = PlanBody.read(body);
    ModelRelease release = plan.release(plane);
    RolloutRequest request =
        before
            .map(RolloutCommands::again)
            .orElseGet(
                () ->
                    RolloutRequest.newBuilder()
                        .setRequestId(identity.id())
                        .setRollout(RolloutIds.preview(identity.name()))
                        .setActor(Guard.operator(ctx).name())
                        .setCreate(plan.creation(plane).setPreview(true))
                        .build());
    Answers.accepted(ctx, plane.submit(request))
        .compose(event -> counted(ctx, event.getRollout()))
        .onFailure(ctx::fail)
        .onSuccess(
            snapshot ->
                Answers.json(
                    ctx,
                    PreviewJson.of(
                        plan.plan(),
                        RolloutPreview.of(
                            plan.plan(),
                            snapshot.getCensus(),
                            Integer.toUnsignedLong(release.getModelLength()),
                            release.getChipsList()))));
  }

  /** Completes when all devices were asked whether the plan would reach them. */
  private Future<RolloutSnapshot> counted(RoutingContext ctx, String id) {
    RolloutSnapshot now = plane.rollout(id);
    if (now == null) {
      return Future.failedFuture(
          new ProblemException(
              ProblemType.CONFLICT,
              "the preview of this idempotency key is over; ask again with another key"));
    }
    if (now.hasCensus()) {
      return Future.succeededFuture(now);
    }
    Promise<RolloutSnapshot> promise = Promise.promise();
    long deadline = System.nanoTime() + countWithin.toNanos();
    ctx.vertx()
        .setPeriodic(
            LOOK_MILLIS,
            timer -> {
              RolloutSnapshot later = plane.rollout(id);
              if (later != null && later.hasCensus()) {
                ctx.vertx().cancelTimer(timer);
                promise.tryComplete(later);
              } else if (System.nanoTime() - deadline >= 0 || ctx.response().closed()) {
                ctx.vertx().cancelTimer(timer);
                promise.tryFail(
                    new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "the devices were not counted within "
                            + countWithin.toSeconds()
                            + " s: a part of the service is starting or down; try again"));
              }
            });
    return promise.future();
  }
}

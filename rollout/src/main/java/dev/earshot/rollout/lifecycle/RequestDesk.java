package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.lifecycle.RolloutState.Paused;
import dev.earshot.rollout.lifecycle.RolloutState.Running;
import dev.earshot.rollout.lifecycle.Turn.Cause;
import dev.earshot.rollout.release.Catalogue;
import dev.earshot.rollout.release.Revocation;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers operators' requests. */
final class RequestDesk {
  private final int partitions;
  private final PlanShelf plans;
  private final Catalogue catalogue;

  RequestDesk(int partitions, PlanShelf plans, Catalogue catalogue) {
    this.catalogue = catalogue;
    this.partitions = partitions;
    this.plans = plans;
  }

  Decision answer(@Nullable RolloutRecord record, RolloutRequest request, Instant now) {
    if (request.hasCreate()) {
      return create(record, request, now);
    }
    if (record == null) {
      return refuse(
          null, request, ProblemType.NOT_FOUND, "no rollout " + request.getRollout(), now);
    }
    long revision = record.getSnapshot().getRevision();
    if (revision != request.getExpectedRevision()) {
      return refuse(
          record,
          request,
          ProblemType.PRECONDITION_FAILED,
          "revision " + request.getExpectedRevision() + " was changed; it is " + revision + " now",
          now);
    }
    Turn turn = new Turn(record, plans.of(record.getSnapshot().getPlan()), now, partitions);
    Optional<String> forbidden = forbidden(record.getSnapshot(), turn, request);
    if (forbidden.isPresent()) {
      return refuse(record, request, ProblemType.FORBIDDEN, forbidden.get(), now);
    }
    Optional<String> refused =
        unfit(record.getSnapshot(), request).or(() -> act(turn, request, cause(request)));
    return refused.isPresent()
        ? refuse(record, request, ProblemType.ILLEGAL_TRANSITION, refused.get(), now)
        : turn.decision();
  }

  private Decision create(@Nullable RolloutRecord record, RolloutRequest request, Instant now) {
    RolloutRequest.Create create = request.getCreate();
    if (record != null) {
      return repeated(record, request, now);
    }
    if (!plans.of(create.getPlan()).approval().isPossible(request.getActor())) {
      return refuse(
          null,
          request,
          ProblemType.INVALID_REQUEST,
          "approval.by: names too few people besides "
              + request.getActor()
              + ", who creates the rollout and can't approve it",
          now);
    }
    Optional<Revocation> revocation =
        Revocation.of(catalogue.find(create.getTarget().getRelease()));
    if (revocation.isPresent()) {
      return refuse(
          null, request, ProblemType.INVALID_REQUEST, "release: " + revocation.get().words(), now);
    }
    RolloutSnapshot snapshot =
        RolloutSnapshot.newBuilder()
            .setRollout(request.getRollout())
            .setRevision(1)
            .setSeed(create.getSeed())
            .setPlan(create.getPlan())
            .setTarget(create.getTarget())
            .setCreatedBy(request.getActor())
            .setCreatedAtMs(now.toEpochMilli())
            .setChangedAtMs(now.toEpochMilli())
            .setPhase(Phases.write(new RolloutState.Draft()))
            .setPreview(create.getPreview())
            .setRevert(create.getRevert())
            .build();
    Turn turn =
        new Turn(
            RolloutRecord.newBuilder().setSnapshot(snapshot).build(),
            plans.of(snapshot.getPlan()),
            now,
            partitions);
    Cause cause = cause(request);
    if (create.getPreview() || !(create.getStart() || create.getRevert())) {
      turn.note("created", cause);
      return turn.decision();
    }
    turn.note("created", new Cause(cause.actor(), cause.reason(), ""));
    if (create.getRevert()) {
      turn.move(new RolloutEvent.RevertOrdered(reason(request)), "revert_started", cause);
    } else {
      start(turn, cause);
    }
    return turn.decision();
  }

  /** The same creation once more is answered like the first; another one is a contradiction. */
  private static Decision repeated(RolloutRecord record, RolloutRequest request, Instant now) {
    boolean same = record.getSnapshot().getPlan().equals(request.getCreate().getPlan());
    return same
        ? new Decision(
            record,
            List.of(
                Audit.entry(
                    record.getSnapshot(), List.of(), "create_repeated", cause(request), now)))
        : refuse(
            record,
            request,
            ProblemType.CONFLICT,
            "rollout " + request.getRollout() + " exists with another plan",
            now);
  }

  /**
   * Why nothing may begin with this release, whatever the operator's copy of the registry says.
   * What has begun with a release that is only deprecated goes on.
   */
  private Optional<String> unfit(RolloutSnapshot snapshot, RolloutRequest request) {
    @Nullable ModelRelease release = catalogue.find(snapshot.getTarget().getRelease());
    Optional<Revocation> revocation = Revocation.of(release);
    if (revocation.isPresent() && !request.hasAbort()) {
      return Optional.of(revocation.get().words() + "; its rollouts end");
    }
    boolean unusable =
        release != null
            && (release.getStatus() == ReleaseStatus.DRAFT
                || release.getStatus() == ReleaseStatus.DEPRECATED);
    return unusable && request.hasStart()
        ? Optional.of(
            snapshot.getTarget().getRelease()
                + " is "
                + release.getStatus().name().toLowerCase(Locale.ROOT)
                + " (expected: candidate or approved)")
        : Optional.empty();
  }

  /** Consent is only taken from whom the plan names, and never from who created the rollout. */
  private static Optional<String> forbidden(
      RolloutSnapshot snapshot, Turn turn, RolloutRequest request) {
    if (!request.hasApprove()) {
      return Optional.empty();
    }
    String actor = request.getActor();
    if (actor.equals(snapshot.getCreatedBy())) {
      return Optional.of(actor + " created this rollout; somebody else has to approve it");
    }
    return turn.plan().approval().mayApprove(actor, snapshot.getCreatedBy())
        ? Optional.empty()
        : Optional.of(
            actor
                + " is not among this plan's approvers, "
                + String.join(", ", new TreeSet<>(turn.plan().approval().by())));
  }

  private static Optional<String> act(Turn turn, RolloutRequest request, Cause cause) {
    if (turn.snapshot().getPreview()) {
      return Optional.of("a preview can't be acted on; create a rollout from its plan");
    }
    return switch (request.getActionCase()) {
      case START -> start(turn, cause);
      case PAUSE -> turn.move(new RolloutEvent.PauseOrdered(reason(request)), "paused", cause);
      case RESUME -> resume(turn, cause);
      case PROMOTE -> promote(turn, cause);
      case APPROVE -> approve(turn, request, cause);
      case ABORT -> abort(turn, request, cause);
      case CREATE, ACTION_NOT_SET -> Optional.of("the request asks for nothing known");
    };
  }

  private static Optional<String> start(Turn turn, Cause cause) {
    return turn.state() instanceof RolloutState.Draft && turn.plan().approval().isAskedBefore(1)
        ? turn.move(new RolloutEvent.ApprovalAsked(), "approval_asked", cause)
        : turn.begin(cause);
  }

  private static Optional<String> approve(Turn turn, RolloutRequest request, Cause cause) {
    return turn.approvers().contains(request.getActor())
        ? Optional.of(request.getActor() + " has approved already")
        : turn.move(new RolloutEvent.Approved(request.getActor()), "approved", cause);
  }

  /** Spares a stage its margins; neither its approvers nor a freeze. */
  private static Optional<String> promote(Turn turn, Cause cause) {
    if (!(turn.state() instanceof Running running)) {
      return turn.move(new RolloutEvent.StagePassed(0, false), "stage_passed", cause);
    }
    if (turn.plan().isLast(running.stage())) {
      return turn.passStage(cause);
    }
    if (turn.freeze().isPresent()) {
      return turn.freeze();
    }
    boolean asks = turn.plan().approval().isAskedBefore(running.stage() + 1);
    return asks && !turn.missingApproval().isEmpty()
        ? turn.move(new RolloutEvent.StageProven(turn.now()), "stage_proven", cause)
        : turn.passStage(cause);
  }

  /** A rollout that a gate would stop at once is not resumed. */
  private static Optional<String> resume(Turn turn, Cause cause) {
    if (turn.state() instanceof Paused) {
      Optional<GateReport> harm = turn.reading().harm();
      if (harm.isPresent()) {
        return Optional.of("a gate finds harm: " + Reading.alarm(harm.get()));
      }
    }
    return turn.move(new RolloutEvent.Resumed(), "resumed", cause);
  }

  private static Optional<String> abort(Turn turn, RolloutRequest request, Cause cause) {
    boolean begun = turn.state() instanceof Running || turn.state() instanceof Paused;
    return begun && !request.getAbort().getKeep()
        ? turn.move(new RolloutEvent.RollbackOrdered(reason(request)), "rollback_started", cause)
        : turn.move(new RolloutEvent.Abandoned(reason(request)), "cancelled", cause);
  }

  private static String reason(RolloutRequest request) {
    String by = "by " + request.getActor();
    return request.getReason().isBlank() ? by : by + ": " + request.getReason();
  }

  private static Cause cause(RolloutRequest request) {
    return new Cause(request.getActor(), request.getReason(), request.getRequestId());
  }

  private static Decision refuse(
      @Nullable RolloutRecord record,
      RolloutRequest request,
      ProblemType problem,
      String reason,
      Instant now) {
    long revision = record == null ? 0 : record.getSnapshot().getRevision();
    return new Decision(record, List.of(Audit.refusal(request, revision, problem, reason, now)));
  }
}

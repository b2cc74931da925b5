package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.lifecycle.RolloutState.Paused;
import dev.earshot.rollout.lifecycle.RolloutState.Running;
import dev.earshot.rollout.lifecycle.Turn.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers operators' requests. */
final class RequestDesk {
  private final int partitions;

  RequestDesk(int partitions) {
    this.partitions = partitions;
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
    Turn turn = new Turn(record, now, partitions);
    Optional<String> refused = act(turn, request, cause(request));
    return refused.isPresent()
        ? refuse(record, request, ProblemType.ILLEGAL_TRANSITION, refused.get(), now)
        : turn.decision();
  }

  private Decision create(@Nullable RolloutRecord record, RolloutRequest request, Instant now) {
    RolloutRequest.Create create = request.getCreate();
    if (record != null) {
      return repeated(record, request, now);
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
            .build();
    Turn turn = new Turn(RolloutRecord.newBuilder().setSnapshot(snapshot).build(), now, partitions);
    Cause cause = cause(request);
    if (!create.getStart()) {
      turn.note("created", cause);
      return turn.decision();
    }
    turn.note("created", new Cause(cause.actor(), cause.reason(), ""));
    start(turn, cause);
    return turn.decision();
  }

  /** The same creation once more is answered like the first; another one is a contradiction. */
  private static Decision repeated(RolloutRecord record, RolloutRequest request, Instant now) {
    boolean same = record.getSnapshot().getPlan().equals(request.getCreate().getPlan());
    return same
        ? new Decision(
            record,
            List.of(Audit.entry(record.getSnapshot(), "create_repeated", cause(request), now)))
        : refuse(
            record,
            request,
            ProblemType.CONFLICT,
            "rollout " + request.getRollout() + " exists with another plan",
            now);
  }

  private static Optional<String> act(Turn turn, RolloutRequest request, Cause cause) {
    return switch (request.getActionCase()) {
      case START -> start(turn, cause);
      case PAUSE -> turn.move(new RolloutEvent.PauseOrdered(reason(request)), "paused", cause);
      case RESUME -> resume(turn, cause);
      case PROMOTE ->
          turn.state() instanceof Running
              ? turn.passStage(cause)
              : turn.move(new RolloutEvent.StagePassed(0, false), "stage_passed", cause);
      case ABORT -> abort(turn, request, cause);
      case APPROVE, CREATE, ACTION_NOT_SET -> Optional.of("the request asks for nothing known");
    };
  }

  private static Optional<String> start(Turn turn, Cause cause) {
    Instant startAt = turn.plan().schedule().startAt();
    return startAt != null && turn.now().isBefore(startAt)
        ? turn.move(new RolloutEvent.ScheduledFor(startAt), "scheduled", cause)
        : turn.move(new RolloutEvent.Started(), "started", cause);
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

package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshotOrBuilder;
import dev.earshot.protocol.v1.StageSums;
import java.time.Instant;
import java.util.List;

/** Entries of the audit trail. */
final class Audit {
  private Audit() {}

  static RolloutEvent entry(
      RolloutSnapshotOrBuilder snapshot,
      List<StageSums> stages,
      String kind,
      Turn.Cause cause,
      Instant now) {
    return RolloutEvent.newBuilder()
        .setRollout(snapshot.getRollout())
        .setAtMs(now.toEpochMilli())
        .setKind(kind)
        .setActor(cause.actor())
        .setReason(cause.reason())
        .setEvidence(snapshot.getGates())
        .addAllStages(stages)
        .setRequestId(cause.requestId())
        .setRevision(snapshot.getRevision())
        .build();
  }

  static RolloutEvent refusal(
      RolloutRequest request, long revision, ProblemType problem, String reason, Instant now) {
    return RolloutEvent.newBuilder()
        .setRollout(request.getRollout())
        .setAtMs(now.toEpochMilli())
        .setKind("refused")
        .setActor(request.getActor())
        .setReason(reason)
        .setRequestId(request.getRequestId())
        .setRevision(revision)
        .setProblem(problem.name())
        .build();
  }
}

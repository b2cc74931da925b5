package dev.earshot.rollout.http;

import dev.earshot.protocol.document.Document;
import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import java.util.List;
import java.util.Locale;

/**
 * A plan as a request brings it.
 *
 * @param plan valid by itself
 * @param start whether the rollout is to start at once
 */
record PlanBody(Plan plan, boolean start) {
  private static final String START = "start";

  /** Reads YAML or JSON, or answers with everything that is wrong about it. */
  static PlanBody read(String body) {
    try {
      Document document = PlanFormat.parse(body);
      boolean start = document.takeFlag(START);
      return new PlanBody(PlanFormat.read(document), start);
    } catch (InvalidDocument e) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST,
          "the plan can't be used",
          e.errors().stream()
              .map(error -> new FieldError(error.field(), error.located()))
              .toList());
    }
  }

  /** The release as the registry has it; refused when it can't be rolled out. */
  ModelRelease release(ControlPlane plane) {
    ModelRelease release = plane.release(plan.release().toString());
    if (release == null) {
      throw refused("release", plan.release() + " is not in the registry; push it first");
    }
    boolean usable =
        release.getStatus() == ReleaseStatus.CANDIDATE
            || release.getStatus() == ReleaseStatus.APPROVED;
    if (!usable) {
      throw refused(
          "release",
          plan.release() + " is " + standing(release) + " (expected: candidate or approved)");
    }
    return release;
  }

  /** Its status, and who set it and why where the registry says so. */
  static String standing(ModelRelease release) {
    String by = release.getStatusChangedBy().isEmpty() ? "" : " by " + release.getStatusChangedBy();
    String reason = release.getStatusReason();
    return release.getStatus().name().toLowerCase(Locale.ROOT)
        + by
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  /** The creation of a rollout with this plan. */
  RolloutRequest.Create.Builder creation(ControlPlane plane) {
    ModelRelease release = release(plane);
    return RolloutRequest.Create.newBuilder()
        .setPlan(PlanFormat.write(plan).toString())
        .setTarget(
            RolloutTarget.newBuilder()
                .setRelease(plan.release().toString())
                .setManifestDigest(release.getManifestDigest())
                .addAllChips(release.getChipsList()))
        .setSeed(RequestIdentity.randomSeed());
  }

  private static ProblemException refused(String field, String message) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        "the plan can't be used",
        List.of(new FieldError(field, message)));
  }
}

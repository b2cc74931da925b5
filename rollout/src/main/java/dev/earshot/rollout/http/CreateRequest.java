package dev.earshot.rollout.http;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.plan.InvalidPlan;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanDocument;
import dev.earshot.rollout.plan.PlanFormat;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns the body of a creation into a request, or says what is wrong with it. */
final class CreateRequest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_DIGITS = 10;
  private static final String START = "start";

  private CreateRequest() {}

  /**
   * Reads a plan with an optional {@code start: true}.
   *
   * @param idempotencyKey names the rollout: the same key is the same rollout
   */
  static RolloutRequest read(
      String body, @Nullable String idempotencyKey, ControlPlane plane, String actor) {
    try {
      PlanDocument document = PlanFormat.parse(body);
      boolean start = document.takeFlag(START);
      Plan plan = PlanFormat.read(document);
      return RolloutRequest.newBuilder()
          .setRequestId(randomHex())
          .setRollout(id(idempotencyKey))
          .setActor(actor)
          .setCreate(
              RolloutRequest.Create.newBuilder()
                  .setPlan(PlanFormat.write(plan).toString())
                  .setTarget(target(plan, plane))
                  .setSeed(RANDOM.nextLong())
                  .setStart(start))
          .build();
    } catch (InvalidPlan e) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST,
          "the plan can't be used",
          e.errors().stream()
              .map(error -> new FieldError(error.field(), error.located()))
              .toList());
    }
  }

  private static RolloutTarget target(Plan plan, ControlPlane plane) {
    ModelRelease release = plane.release(plan.release().toString());
    if (release == null) {
      throw refused(plan.release() + " is not in the registry; push it first");
    }
    boolean usable =
        release.getStatus() == ReleaseStatus.CANDIDATE
            || release.getStatus() == ReleaseStatus.APPROVED;
    if (!usable) {
      throw refused(
          plan.release()
              + " is "
              + release.getStatus().name().toLowerCase(Locale.ROOT)
              + " (expected: candidate or approved)");
    }
    return RolloutTarget.newBuilder()
        .setRelease(plan.release().toString())
        .setManifestDigest(release.getManifestDigest())
        .addAllChips(release.getChipsList())
        .build();
  }

  private static ProblemException refused(String message) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        "the plan can't be used",
        List.of(new FieldError("release", message)));
  }

  private static String id(@Nullable String idempotencyKey) {
    String digits =
        idempotencyKey == null || idempotencyKey.isBlank()
            ? randomHex()
            : Digest.of(idempotencyKey.getBytes(StandardCharsets.UTF_8)).hex();
    return "r-" + digits.substring(0, ID_DIGITS);
  }

  static String randomHex() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

package dev.earshot.rollout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.cohort.Cohort;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.RolloutIds;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a device, or a cohort, back to a release, outside of a rollout. What comes of it is a
 * rollout that only rolls back: it has an id, an audit trail and a progress like any other.
 */
final class Reverts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REASON = 1_000;

  private final ControlPlane plane;

  /** Checked. */
  private record Wanted(ReleaseRef to, ModelRelease release, String cohort, String reason) {}

  Reverts(ControlPlane plane) {
    this.plane = plane;
  }

  /** One device. */
  void device(RoutingContext ctx) {
    DeviceId id;
    try {
      id = DeviceId.parse(ctx.pathParam("fleet") + "/" + ctx.pathParam("device"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemType.NOT_FOUND, String.valueOf(e.getMessage()));
    }
    String only = "device.fleet == \"" + id.fleet() + "\" && device.id == \"" + id.device() + "\"";
    order(ctx, Optional.of(only));
  }

  /** A cohort, which the body names. */
  void cohort(RoutingContext ctx) {
    order(ctx, Optional.empty());
  }

  private void order(RoutingContext ctx, Optional<String> only) {
    String body = RolloutCommands.body(ctx);
    RequestIdentity identity = RequestIdentity.of(ctx, body);
    RolloutRequest request =
        identity
            .answered(plane)
            .map(RolloutCommands::again)
            .orElseGet(() -> request(ctx, identity, read(body, only)));
    Answers.accepted(ctx, plane.submit(request))
        .onFailure(ctx::fail)
        .onSuccess(event -> answer(ctx, event));
  }

  private void answer(RoutingContext ctx, RolloutEvent event) {
    ctx.response()
        .setStatusCode(201)
        .putHeader(HttpHeaders.LOCATION, "/v1/rollouts/" + event.getRollout());
    Answers.rollout(ctx, Answers.snapshot(plane, event.getRollout()));
  }

  private static RolloutRequest request(
      RoutingContext ctx, RequestIdentity identity, Wanted wanted) {
    return RolloutRequest.newBuilder()
        .setRequestId(identity.id())
        .setRollout(RolloutIds.rollout(identity.name()))
        .setActor(Guard.operator(ctx).name())
        .setReason(wanted.reason())
        .setCreate(
            RolloutRequest.Create.newBuilder()
                .setRevert(true)
                .setPlan(PlanFormat.write(Plan.of(wanted.to(), wanted.cohort())).toString())
                .setTarget(
                    RolloutTarget.newBuilder()
                        .setRelease(wanted.to().toString())
                        .setManifestDigest(wanted.release().getManifestDigest())
                        .addAllChips(wanted.release().getChipsList())))
        .build();
  }

  private Wanted read(String body, Optional<String> only) {
    JsonNode node = parse(body);
    List<FieldError> errors = new ArrayList<>();
    Set<String> known =
        only.isPresent() ? Set.of("to", "reason") : Set.of("to", "reason", "cohort");
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                errors.add(new FieldError(name, "unknown"));
              }
            });
    ReleaseRef to = new ReleaseRef("none", "0.0.0");
    ModelRelease release = ModelRelease.getDefaultInstance();
    try {
      to = ReleaseRef.parse(node.path("to").asText());
      release = known(to);
    } catch (IllegalArgumentException e) {
      errors.add(new FieldError("to", String.valueOf(e.getMessage())));
    }
    String reason = node.path("reason").asText();
    if (reason.isBlank() || reason.length() > LONGEST_REASON) {
      errors.add(
          new FieldError("reason", "expected: a text of 1 to " + LONGEST_REASON + " characters"));
    }
    String cohort = only.orElseGet(() -> node.path("cohort").asText());
    try {
      Cohort.compile(cohort);
    } catch (IllegalArgumentException e) {
      errors.add(new FieldError("cohort", String.valueOf(e.getMessage())));
    }
    if (!errors.isEmpty()) {
      throw new ProblemException(ProblemType.INVALID_REQUEST, "the body can't be used", errors);
    }
    return new Wanted(to, release, cohort, reason);
  }

  /** A deprecated one may be gone back to; a revoked one or a draft may not. */
  private ModelRelease known(ReleaseRef to) {
    ModelRelease release = plane.release(to.toString());
    if (release == null) {
      throw new IllegalArgumentException(to + " is not in the registry");
    }
    if (release.getStatus() == ReleaseStatus.REVOKED
        || release.getStatus() == ReleaseStatus.DRAFT) {
      throw new IllegalArgumentException(
          to + " is " + PlanBody.standing(release) + " (expected: no draft, and not revoked)");
    }
    return release;
  }

  private static JsonNode parse(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST, "the body is not JSON: " + e.getOriginalMessage());
    }
    throw new ProblemException(
        ProblemType.INVALID_REQUEST,
        "the body: expected an object such as {\"to\": \"hey-nova:1.0.0\", \"reason\": \"...\"}");
  }
}

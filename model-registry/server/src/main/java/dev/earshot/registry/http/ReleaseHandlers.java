package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.registry.release.Admission;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.Refusal;
import dev.earshot.registry.release.ReleaseDesk;
import dev.earshot.registry.release.Transition;
import dev.earshot.service.HttpEdge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One release: publishing it, showing it, and deciding about it. */
final class ReleaseHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseHandlers.class);

  /** The registry knows one token, so who holds it is only what the request says. */
  static final String NAMELESS = "admin";

  private final Vertx vertx;
  private final Publishing publishing;
  private final ReleaseDesk desk;
  private final ReleaseShelf shelf;
  private final RegistryMetrics metrics;

  ReleaseHandlers(
      Vertx vertx,
      Publishing publishing,
      ReleaseDesk desk,
      ReleaseShelf shelf,
      RegistryMetrics metrics) {
    this.vertx = vertx;
    this.publishing = publishing;
    this.desk = desk;
    this.shelf = shelf;
    this.metrics = metrics;
  }

  /**
   * POST: the signed envelope. Naturally idempotent, so no Idempotency-Key is needed: the same
   * envelope again answers 200 and changes nothing.
   */
  void publish(RoutingContext ctx) {
    byte[] envelope = JsonBody.bytes(ctx);
    boolean draft = draft(ctx);
    vertx
        .executeBlocking(() -> decide(envelope, draft), false)
        .onSuccess(decision -> answer(ctx, decision))
        .onFailure(failure -> Answers.fail(ctx, failure));
  }

  private static boolean draft(RoutingContext ctx) {
    String status = ctx.request().getParam("status");
    if (status == null || status.equals("candidate")) {
      return false;
    }
    if (!status.equals("draft")) {
      throw new IllegalArgumentException(
          "status: '" + status + "' (expected: draft or candidate; approval comes later)");
    }
    return true;
  }

  private record Decision(Admission admission, byte[] view) {}

  private Decision decide(byte[] envelope, boolean draft) {
    Admission admission = draft ? publishing.publishDraft(envelope) : publishing.publish(envelope);
    byte[] view =
        switch (admission) {
          case Admission.Added added -> shelf.view(added.release());
          case Admission.AlreadyThere there -> shelf.view(there.release());
          case Admission.Refused ignored -> new byte[0];
        };
    return new Decision(admission, view);
  }

  private void answer(RoutingContext ctx, Decision decision) {
    metrics.decided(decision.admission());
    switch (decision.admission()) {
      case Admission.Added added -> shown(ctx, 201, added.release(), decision.view());
      case Admission.AlreadyThere there -> shown(ctx, 200, there.release(), decision.view());
      case Admission.Refused refused -> {
        Refusal refusal = refused.refusal();
        LOG.info("A release was refused, {}: {}", refusal.reason().label(), refusal.detail());
        HttpEdge.problem(ctx, refusal.problem());
      }
    }
  }

  private static void shown(RoutingContext ctx, int status, PublishedRelease release, byte[] view) {
    ReleaseRef ref = release.ref();
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.LOCATION, "/v1/releases/" + ref.name() + "/" + ref.version());
    Answers.send(ctx, view);
  }

  /** GET one. */
  void get(RoutingContext ctx) {
    PublishedRelease release = find(ctx);
    vertx
        .executeBlocking(() -> shelf.view(release), false)
        .onSuccess(view -> Answers.send(ctx, view))
        .onFailure(ctx::fail);
  }

  /** GET the envelope exactly as it was signed. */
  void manifest(RoutingContext ctx) {
    PublishedRelease release = find(ctx);
    Answers.send(ctx, EntityTag.of(release.digest()), release.signed().bytes().toArray());
  }

  /** PATCH: another status. What the decision was based on comes in {@code If-Match}. */
  void status(RoutingContext ctx) {
    PublishedRelease seen = find(ctx);
    JsonBody body = JsonBody.read(ctx, List.of("status", "reason", "actor"));
    ReleaseStatus to = status(body.text("status"));
    String reason = body.text("reason");
    String actor = body.text("actor", NAMELESS);
    vertx
        .executeBlocking(
            () -> {
              Preconditions.requireMatch(ctx, EntityTag.of(Digest.of(shelf.view(seen))));
              return shelf.view(
                  require(desk.status(seen, to, reason, actor), ProblemType.ILLEGAL_TRANSITION));
            },
            false)
        .onSuccess(view -> Answers.send(ctx, view))
        .onFailure(failure -> Answers.fail(ctx, failure));
  }

  /**
   * @throws ProblemException when the decision did not come about
   */
  static <T> T require(ReleaseDesk.Outcome<T> outcome, ProblemType illegal) {
    return switch (outcome) {
      case ReleaseDesk.Outcome.Done<T> done -> done.now();
      case ReleaseDesk.Outcome.Stale<T> ignored -> throw Preconditions.changed();
      case ReleaseDesk.Outcome.Illegal<T> not -> throw new ProblemException(illegal, not.why());
    };
  }

  private static ReleaseStatus status(String word) {
    Set<ReleaseStatus> unreal =
        Set.of(ReleaseStatus.RELEASE_STATUS_UNSPECIFIED, ReleaseStatus.UNRECOGNIZED);
    List<ReleaseStatus> real =
        Arrays.stream(ReleaseStatus.values()).filter(one -> !unreal.contains(one)).toList();
    return real.stream()
        .filter(one -> Transition.word(one).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                JsonBody.wrong(
                    "status",
                    "'%s' (expected: one of %s)"
                        .formatted(
                            word,
                            real.stream()
                                .map(Transition::word)
                                .collect(Collectors.joining(", ")))));
  }

  private PublishedRelease find(RoutingContext ctx) {
    return shelf.find(
        new ReleaseRef(
            String.valueOf(ctx.pathParam("name")), String.valueOf(ctx.pathParam("version"))));
  }
}

package dev.earshot.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.release.Admission;
import dev.earshot.registry.release.DetailsReader;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.LedgerUnavailableException;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.Refusal;
import dev.earshot.registry.release.ReleaseLedger;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.service.HttpEdge;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishing, listing and showing releases. */
final class ReleaseHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseHandlers.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String APPLICATION_JSON = "application/json";

  /** A release can still be revoked, so caches ask again each time; the answer is mostly 304. */
  private static final String ASK_AGAIN = "public, no-cache";

  private static final int PAGE = 100;
  private static final int LONGEST_PAGE = 1000;

  private final Vertx vertx;
  private final Publishing publishing;
  private final ReleaseLedger ledger;
  private final DetailsReader details;
  private final RegistryMetrics metrics;

  ReleaseHandlers(
      Vertx vertx,
      Publishing publishing,
      ReleaseLedger ledger,
      DetailsReader details,
      RegistryMetrics metrics) {
    this.vertx = vertx;
    this.publishing = publishing;
    this.ledger = ledger;
    this.details = details;
    this.metrics = metrics;
  }

  /**
   * POST: the signed envelope. Naturally idempotent, so no Idempotency-Key is needed: the same
   * envelope again answers 200 and changes nothing.
   */
  void publish(RoutingContext ctx) {
    Buffer body = ctx.body().buffer();
    byte[] envelope = body == null ? new byte[0] : body.getBytes();
    vertx
        .executeBlocking(() -> decide(envelope), false)
        .onSuccess(decision -> answer(ctx, decision))
        .onFailure(failure -> fail(ctx, failure));
  }

  private record Decision(Admission admission, byte[] view) {}

  private Decision decide(byte[] envelope) throws JsonProcessingException {
    Admission admission = publishing.publish(envelope);
    byte[] view =
        switch (admission) {
          case Admission.Added added -> view(added.release());
          case Admission.AlreadyThere there -> view(there.release());
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
    send(ctx, view);
  }

  private static void fail(RoutingContext ctx, Throwable failure) {
    if (failure instanceof LedgerUnavailableException unavailable) {
      LOG.warn("A release could not be recorded: {}", unavailable.getMessage());
      ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
      ctx.fail(
          new ProblemException(
              ProblemType.UNAVAILABLE,
              unavailable.getMessage() + "; the same request again is safe"));
    } else {
      ctx.fail(failure);
    }
  }

  /** GET: by name, highest counter first, in pages. */
  void list(RoutingContext ctx) {
    requireRead();
    String name = ctx.request().getParam("name");
    int limit = limit(ctx.request().getParam("limit"));
    List<PublishedRelease> all =
        ledger.catalog().all().stream()
            .filter(release -> name == null || release.ref().name().equals(name))
            .toList();
    int from = after(all, ctx.request().getParam("after"));
    List<PublishedRelease> page = all.subList(from, Math.min(all.size(), from + limit));
    if (from + limit < all.size()) {
      ctx.response()
          .putHeader(
              "Link",
              "</v1/releases?limit=%d&after=%s%s>; rel=\"next\""
                  .formatted(limit, page.getLast().ref(), name == null ? "" : "&name=" + name));
    }
    try {
      List<ReleaseView> views =
          page.stream().map(release -> ReleaseView.of(release, null)).toList();
      send(ctx, JSON.writeValueAsBytes(Map.of("releases", views)));
    } catch (JsonProcessingException e) {
      ctx.fail(e);
    }
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PAGE;
    }
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LONGEST_PAGE) {
        return limit;
      }
    }
    throw new IllegalArgumentException(
        "limit: '" + text + "' (expected: 1 to " + LONGEST_PAGE + ")");
  }

  /** Index of the first release behind the cursor. */
  private static int after(List<PublishedRelease> all, @Nullable String cursor) {
    if (cursor == null) {
      return 0;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).ref().toString().equals(cursor)) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException(
        "after: '" + cursor + "' (expected: a listed release, name:version)");
  }

  /** GET one. */
  void get(RoutingContext ctx) {
    PublishedRelease release = find(ctx);
    vertx
        .executeBlocking(() -> view(release), false)
        .onSuccess(view -> send(ctx, view))
        .onFailure(ctx::fail);
  }

  /** GET the envelope exactly as it was signed. */
  void manifest(RoutingContext ctx) {
    PublishedRelease release = find(ctx);
    send(ctx, EntityTag.of(release.digest()), release.signed().bytes().toArray());
  }

  private byte[] view(PublishedRelease release) throws JsonProcessingException {
    return JSON.writeValueAsBytes(ReleaseView.of(release, details.find(release).map(ReleaseDetails::evaluation).orElse(null)));
  }

  private PublishedRelease find(RoutingContext ctx) {
    ReleaseRef ref =
        new ReleaseRef(
            String.valueOf(ctx.pathParam("name")), String.valueOf(ctx.pathParam("version")));
    Optional<PublishedRelease> release = ledger.catalog().find(ref);
    if (release.isEmpty()) {
      requireRead();
      throw new ProblemException(
          ProblemType.NOT_FOUND, "release " + ref + " is not published here");
    }
    return release.get();
  }

  /** Before everything was read, "there is none" would be a guess. */
  private void requireRead() {
    if (!ledger.problem().isEmpty()) {
      throw new ProblemException(ProblemType.UNAVAILABLE, "the registry " + ledger.problem());
    }
  }

  private static void send(RoutingContext ctx, byte[] json) {
    send(ctx, EntityTag.of(Digest.of(json)), json);
  }

  private static void send(RoutingContext ctx, EntityTag tag, byte[] json) {
    ctx.response()
        .putHeader(HttpHeaders.ETAG, tag.header())
        .putHeader(HttpHeaders.CACHE_CONTROL, ASK_AGAIN);
    boolean reading = ctx.request().method().equals(HttpMethod.GET);
    if (reading && tag.noneMatchFails(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      ctx.response().setStatusCode(304).end();
      return;
    }
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, APPLICATION_JSON).end(Buffer.buffer(json));
  }
}

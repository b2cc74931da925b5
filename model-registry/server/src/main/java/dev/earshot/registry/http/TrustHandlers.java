package dev.earshot.registry.http;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.trust.Submission;
import dev.earshot.registry.trust.TrustPlane;
import dev.earshot.service.HttpEdge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Signed metadata, handed out and taken. */
final class TrustHandlers {
  private static final String NOT_KEPT = "no-store";
  private static final String BREAKING = "breaking";

  private final Vertx vertx;
  private final TrustPlane trust;
  private final ReleaseShelf shelf;

  TrustHandlers(Vertx vertx, TrustPlane trust, ReleaseShelf shelf) {
    this.vertx = vertx;
    this.trust = trust;
    this.shelf = shelf;
  }

  /** GET: the exact bytes. */
  void get(RoutingContext ctx) {
    Side side = side(ctx);
    String name = String.valueOf(ctx.pathParam("file"));
    Optional<ByteString> file = trust.file(side, name);
    if (file.isEmpty()) {
      absent(ctx, side, name);
      return;
    }
    byte[] bytes = file.get().toByteArray();
    boolean moves = name.equals(MetadataFile.TIMESTAMP.name());
    Answers.send(
        ctx,
        EntityTag.of(Digest.of(bytes)),
        moves ? OciRequest.ASK_AGAIN : OciRequest.FOR_EVER,
        bytes);
  }

  /** The next version will have this name: no cache may remember that it was not there. */
  private void absent(RoutingContext ctx, Side side, String name) {
    ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT);
    shelf.requireRead();
    MetadataFile file = MetadataFile.parse(name);
    throw new ProblemException(
        ProblemType.NOT_FOUND, "the " + side.word() + " side has no " + file);
  }

  /** PUT: a root, the targets or a role. The same file again answers 200 and changes nothing. */
  void put(RoutingContext ctx) {
    Side side = side(ctx);
    MetadataFile file = MetadataFile.parse(String.valueOf(ctx.pathParam("file")));
    boolean breaking = "true".equals(ctx.request().getParam(BREAKING));
    byte[] bytes = JsonBody.bytes(ctx);
    vertx
        .executeBlocking(() -> trust.submit(side, file, bytes, breaking), false)
        .onSuccess(submission -> answer(ctx, submission))
        .onFailure(failure -> Answers.fail(ctx, failure));
  }

  private static void answer(RoutingContext ctx, Submission submission) {
    switch (submission) {
      case Submission.Accepted ignored -> ctx.response().setStatusCode(201).end();
      case Submission.AlreadyThere ignored -> ctx.response().setStatusCode(200).end();
      case Submission.Refused refused ->
          HttpEdge.problem(ctx, Problem.of(refused.type(), refused.detail(), refused.errors()));
    }
  }

  private static Side side(RoutingContext ctx) {
    return Side.of(String.valueOf(ctx.pathParam("side")));
  }
}

package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobRefusedException;
import dev.earshot.registry.blob.BlobRefusedException.Reason;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.BlobUpload;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.blob.UploadSession;
import dev.earshot.registry.blob.UploadSessions;
import dev.earshot.registry.http.UploadHolds.Hold;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.Reference;
import dev.earshot.registry.oci.RepositoryBlobs;
import dev.earshot.registry.oci.RepositoryName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushing blobs: in one request (end-4b), by mounting (end-11), or in an upload session: begin
 * (end-4a), chunks (end-5), finish (end-6), where it is (end-13), give it up (end-14).
 */
final class UploadHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(UploadHandlers.class);

  /** Each chunk costs a request; smaller ones are taken, but help nobody. */
  private static final String CHUNK_MIN_LENGTH = "65536";

  private final Vertx vertx;
  private final BlobStore store;
  private final UploadSessions sessions;
  private final UploadHolds holds;
  private final RepositoryBlobs blobs;
  private final RegistryMetrics metrics;

  UploadHandlers(Vertx vertx, BlobStore store, RepositoryBlobs blobs, RegistryMetrics metrics) {
    this.vertx = vertx;
    this.store = store;
    this.sessions = store.uploads();
    this.holds = new UploadHolds(vertx, sessions);
    this.blobs = blobs;
    this.metrics = metrics;
  }

  /** POST: one request for all, a mount, or the beginning of a session. */
  void begin(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    String mount = ctx.request().getParam("mount");
    String digest = ctx.request().getParam("digest");
    if (mount != null) {
      mount(ctx, name, mount);
    } else if (digest != null) {
      store(ctx, name, Reference.digest(digest));
    } else {
      beginSession(ctx, name);
    }
  }

  private void beginSession(RoutingContext ctx, RepositoryName name) {
    vertx
        .executeBlocking(
            () -> {
              try (UploadSession session = sessions.begin()) {
                return session.id();
              }
            },
            false)
        .onSuccess(
            id -> {
              ctx.response().putHeader("OCI-Chunk-Min-Length", CHUNK_MIN_LENGTH);
              told(ctx, name, id, 0, 202);
            })
        .onFailure(failure -> refuse(ctx, failure));
  }

  /** What can't be mounted is uploaded instead, also when the digest or the other name is wrong. */
  private void mount(RoutingContext ctx, RepositoryName name, String mount) {
    String from = ctx.request().getParam("from");
    Digest digest;
    Optional<RepositoryName> source;
    try {
      digest = Reference.digest(mount);
      source = Optional.ofNullable(from).map(RepositoryName::new);
    } catch (OciException e) {
      beginSession(ctx, name);
      return;
    }
    vertx
        .executeBlocking(() -> blobs.mount(name, digest, source), false)
        .onSuccess(
            mounted -> {
              if (mounted) {
                created(ctx, name, digest);
              } else {
                beginSession(ctx, name);
              }
            })
        .onFailure(failure -> refuse(ctx, failure));
  }

  private void store(RoutingContext ctx, RepositoryName name, Digest digest) {
    HttpServerRequest request = ctx.request();
    requireRoom(request, 0);
    request.pause();
    vertx
        .executeBlocking(() -> store.begin(digest), false)
        .compose(
            upload ->
                BodyTransfer.start(vertx, request, upload::write)
                    .done()
                    .compose(bytes -> keep(name, upload::commit))
                    .eventually(() -> discard(upload)))
        .onSuccess(stored -> created(ctx, name, stored.digest()))
        .onFailure(failure -> refuse(ctx, failure));
  }

  /** The last step of a blob that was taken; blocks. */
  @FunctionalInterface
  private interface Commit {
    StoredBlob run() throws IOException;
  }

  private Future<StoredBlob> keep(RepositoryName name, Commit commit) {
    return vertx
        .executeBlocking(
            () -> {
              StoredBlob blob = commit.run();
              blobs.add(name, blob.digest());
              return blob;
            },
            false)
        .map(Objects::requireNonNull)
        .onSuccess(blob -> metrics.stored(blob.length()));
  }

  private Future<?> discard(BlobUpload upload) {
    return vertx
        .executeBlocking(
            () -> {
              upload.close();
              return upload;
            },
            false)
        .onFailure(failure -> LOG.warn("An upload's temporary file stays behind: {}", failure));
  }

  /** PATCH: the next chunk. */
  void append(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    String id = UploadReference.id(name, ctx.pathParam("reference"));
    receive(ctx, id, Future::succeededFuture)
        .onSuccess(hold -> told(ctx, name, id, hold.session().offset(), 202))
        .onFailure(failure -> refuse(ctx, name, id, failure));
  }

  /** PUT: the last chunk, if there still is one, and the digest of all. */
  void finish(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    String id = UploadReference.id(name, ctx.pathParam("reference"));
    String announced = ctx.request().getParam("digest");
    if (announced == null) {
      throw new OciException(
          Code.DIGEST_INVALID, "digest: missing (expected: ?digest=sha256:<64 hex digits>)");
    }
    Digest digest = Reference.digest(announced);
    receive(ctx, id, hold -> finish(name, digest, hold))
        .onSuccess(hold -> created(ctx, name, digest))
        .onFailure(failure -> refuse(ctx, name, id, failure));
  }

  private Future<Hold> finish(RepositoryName name, Digest digest, Hold hold) {
    UploadSession session = hold.session();
    return keep(
            name,
            () -> {
              try {
                return session.finish(digest);
              } catch (BlobRefusedException e) {
                // Its bytes are wrong and stay wrong: the client begins again.
                session.cancel();
                throw e;
              }
            })
        .map(hold);
  }

  /** What becomes of a session once the body is in it. */
  @FunctionalInterface
  private interface Then {
    Future<Hold> apply(Hold hold);
  }

  /** Adds the request's body to the session; in every case the session is let go afterwards. */
  private Future<Hold> receive(RoutingContext ctx, String id, Then then) {
    HttpServerRequest request = ctx.request();
    request.pause();
    Optional<UploadRange> range;
    try {
      range = UploadRange.of(request);
    } catch (OciException e) {
      return Future.failedFuture(e);
    }
    return holds
        .take(id, range.map(UploadRange::first))
        .compose(
            hold ->
                write(request, range, hold)
                    .compose(written -> then.apply(hold))
                    .eventually(hold::release));
  }

  private Future<Long> write(HttpServerRequest request, Optional<UploadRange> range, Hold hold) {
    UploadSession session = hold.session();
    long offset = session.offset();
    try {
      requireRoom(request, offset);
    } catch (OciException e) {
      return Future.failedFuture(e);
    }
    if (range.isEmpty()) {
      return hold.receive(request, session::write);
    }
    if (range.get().first() != offset) {
      return Future.failedFuture(
          new OciException(
              Code.BLOB_UPLOAD_INVALID,
              UploadRange.UNSATISFIABLE,
              "chunk: begins at %d (expected: %d)".formatted(range.get().first(), offset)));
    }
    long end = range.get().last() + 1;
    return hold.receive(
            request,
            piece -> {
              if (session.offset() + piece.length > end) {
                throw differs(range.get());
              }
              session.write(piece);
            })
        .compose(
            bytes ->
                bytes == range.get().length()
                    ? Future.succeededFuture(bytes)
                    : Future.failedFuture(differs(range.get())));
  }

  private static OciException differs(UploadRange range) {
    return new OciException(
        Code.SIZE_INVALID,
        400,
        "chunk: not as long as its Content-Range says (expected: " + range.length() + " bytes)");
  }

  private void requireRoom(HttpServerRequest request, long present) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && present + Long.parseLong(length) > store.longest()) {
      throw new OciException(
          Code.SIZE_INVALID,
          "blob: %,d bytes (expected: at most %,d)"
              .formatted(present + Long.parseLong(length), store.longest()));
    }
  }

  /** GET: how far a session has come. */
  void status(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    String id = UploadReference.id(name, ctx.pathParam("reference"));
    vertx
        .executeBlocking(() -> sessions.offset(id), false)
        .onSuccess(
            offset -> {
              if (offset.isPresent()) {
                told(ctx, name, id, offset.getAsLong(), 204);
              } else {
                ctx.fail(UploadReference.unknown());
              }
            })
        .onFailure(ctx::fail);
  }

  /** DELETE: gives a session up, also one that a request is adding to. */
  void cancel(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    String id = UploadReference.id(name, ctx.pathParam("reference"));
    holds
        .seize(id)
        .compose(
            hold ->
                vertx
                    .executeBlocking(
                        () -> {
                          hold.session().cancel();
                          return hold;
                        },
                        false)
                    .eventually(hold::release))
        .onSuccess(hold -> ctx.response().setStatusCode(204).end())
        .onFailure(failure -> refuse(ctx, failure));
  }

  /** Tells a client how far its upload has come, and where it goes on. */
  private static void told(
      RoutingContext ctx, RepositoryName name, String id, long bytes, int status) {
    progress(ctx, name, id, bytes);
    ctx.response().setStatusCode(status).end();
  }

  private static void progress(RoutingContext ctx, RepositoryName name, String id, long bytes) {
    String reference = UploadReference.of(name, id);
    ctx.response()
        .putHeader(HttpHeaders.LOCATION, "/v2/" + name + "/blobs/uploads/" + reference)
        .putHeader("Range", UploadRange.present(bytes))
        .putHeader("Docker-Upload-UUID", reference);
  }

  private static void created(RoutingContext ctx, RepositoryName name, Digest digest) {
    ctx.response()
        .setStatusCode(201)
        .putHeader(HttpHeaders.LOCATION, "/v2/" + name + "/blobs/" + digest)
        .putHeader(OciRequest.CONTENT_DIGEST, digest.toString())
        .end();
  }

  /** Refuses a chunk; who can go on from where the session is, is told where that is. */
  private void refuse(RoutingContext ctx, RepositoryName name, String id, Throwable failure) {
    vertx
        .executeBlocking(() -> sessions.offset(id), false)
        .otherwise(OptionalLong.empty())
        .onSuccess(
            offset -> {
              if (offset.isPresent()) {
                progress(ctx, name, id, offset.getAsLong());
              }
              refuse(ctx, failure);
            });
  }

  private static void refuse(RoutingContext ctx, Throwable failure) {
    BodyTransfer.drop(ctx.request());
    if (failure instanceof BlobRefusedException refused) {
      ctx.fail(told(refused.reason(), refused.getMessage()));
    } else if (failure instanceof IOException) {
      // Also the client that went away; nobody reads that answer.
      LOG.warn("An upload ended early: {}", failure.toString());
      ctx.fail(new OciException(Code.BLOB_UPLOAD_INVALID, 500, "the blob could not be stored"));
    } else {
      ctx.fail(failure);
    }
  }

  private static OciException told(Reason reason, @Nullable String message) {
    String text = String.valueOf(message);
    return switch (reason) {
      case DIGEST -> new OciException(Code.DIGEST_INVALID, text);
      case TOO_LARGE -> new OciException(Code.SIZE_INVALID, text);
      case UPLOAD_UNKNOWN -> UploadReference.unknown();
      case UPLOAD_BUSY ->
          new OciException(Code.BLOB_UPLOAD_INVALID, UploadRange.UNSATISFIABLE, text);
    };
  }
}

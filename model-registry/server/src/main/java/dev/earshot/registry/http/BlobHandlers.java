package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.RepositoryBlobs;
import dev.earshot.registry.oci.RepositoryName;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Blobs: pull (end-2), delete (end-10). */
final class BlobHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(BlobHandlers.class);
  private static final String OCTETS = "application/octet-stream";

  private final Vertx vertx;
  private final BlobStore store;
  private final RepositoryBlobs blobs;

  BlobHandlers(Vertx vertx, BlobStore store, RepositoryBlobs blobs) {
    this.vertx = vertx;
    this.store = store;
    this.blobs = blobs;
  }

  /** Tells that this is an OCI registry. */
  void version(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end("{}");
  }

  /** GET and HEAD. */
  void get(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Digest digest = OciRequest.digest(ctx);
    vertx
        .executeBlocking(
            () -> blobs.find(name, digest).orElseThrow(() -> unknown(name, digest)), false)
        .onSuccess(found -> answer(ctx, found))
        .onFailure(ctx::fail);
  }

  private void answer(RoutingContext ctx, StoredBlob blob) {
    HttpServerRequest request = ctx.request();
    if (OciRequest.answeredNotModified(ctx, blob.digest(), OciRequest.FOR_EVER)) {
      return;
    }
    HttpServerResponse response =
        ctx.response()
            .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
            .putHeader(HttpHeaders.CONTENT_TYPE, OCTETS);
    boolean headOnly = OciRequest.isHead(ctx);
    // RFC 9110, section 14.2: a range means something for GET only.
    String range =
        !headOnly && EntityTag.of(blob.digest()).rangeHolds(request.getHeader("If-Range"))
            ? request.getHeader("Range")
            : null;
    switch (ByteRange.of(range, blob.length())) {
      case ByteRange.Whole ignored when headOnly ->
          response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(blob.length())).end();
      case ByteRange.Whole ignored -> send(ctx, blob, 0, blob.length());
      case ByteRange.Part part -> {
        response.setStatusCode(206).putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange());
        send(ctx, blob, part.first(), part.length());
      }
      case ByteRange.Unsatisfiable nothing -> {
        response
            .putHeader(HttpHeaders.CONTENT_RANGE, nothing.contentRange())
            .headers()
            .remove(HttpHeaders.CACHE_CONTROL);
        ctx.fail(
            new OciException(
                Code.SIZE_INVALID,
                416,
                "range: " + range + " (expected: within " + blob.length() + " bytes)"));
      }
    }
  }

  private void send(RoutingContext ctx, StoredBlob blob, long offset, long length) {
    BlobBody.send(vertx, store, ctx.response(), blob, offset, length)
        .onFailure(
            failure -> LOG.debug("blob {} was not sent: {}", blob.digest(), failure, failure));
  }

  /** DELETE. */
  void delete(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Digest digest = OciRequest.digest(ctx);
    vertx
        .executeBlocking(() -> blobs.delete(name, digest), false)
        .onSuccess(
            deleted -> {
              if (deleted) {
                ctx.response().setStatusCode(202).end();
              } else {
                ctx.fail(unknown(name, digest));
              }
            })
        .onFailure(ctx::fail);
  }

  private static OciException unknown(RepositoryName name, Digest digest) {
    return new OciException(Code.BLOB_UNKNOWN, "blob " + digest + " is not in repository " + name);
  }
}

package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobRefusedException;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.BlobUpload;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.oci.OciException.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as the OCI Distribution Specification shapes them: pull (end-2), push in one request
 * (end-4b). A blob is one file for all names: the name in the path is checked for its form and says
 * who asks, not where it lies. Reading needs no token: whoever knows a SHA-256 knows the content.
 */
final class BlobHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(BlobHandlers.class);
  private static final String OCTETS = "application/octet-stream";
  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final int LONGEST_NAME = 255;
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  private final Vertx vertx;
  private final BlobStore store;
  private final RegistryMetrics metrics;

  BlobHandlers(Vertx vertx, BlobStore store, RegistryMetrics metrics) {
    this.vertx = vertx;
    this.store = store;
    this.metrics = metrics;
  }

  /** Tells that this is an OCI registry. */
  void version(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end("{}");
  }

  /** GET and HEAD. */
  void get(RoutingContext ctx) {
    requireName(ctx);
    Digest digest = digest(ctx.pathParam("digest"));
    vertx
        .executeBlocking(() -> store.find(digest), false)
        .onSuccess(found -> answer(ctx, digest, found))
        .onFailure(ctx::fail);
  }

  private void answer(RoutingContext ctx, Digest digest, Optional<StoredBlob> found) {
    if (found.isEmpty()) {
      ctx.fail(new OciException(Code.BLOB_UNKNOWN, "blob " + digest + " is not here"));
      return;
    }
    StoredBlob blob = found.get();
    EntityTag tag = EntityTag.of(digest);
    HttpServerRequest request = ctx.request();
    HttpServerResponse response =
        ctx.response()
            .putHeader(HttpHeaders.ETAG, tag.header())
            .putHeader(HttpHeaders.CACHE_CONTROL, FOR_EVER)
            .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
            .putHeader("Docker-Content-Digest", digest.toString());
    if (tag.noneMatchFails(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, OCTETS);
    boolean headOnly = request.method().equals(HttpMethod.HEAD);
    // RFC 9110, section 14.2: a range means something for GET only.
    String range =
        !headOnly && tag.rangeHolds(request.getHeader("If-Range"))
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
        response.putHeader(HttpHeaders.CONTENT_RANGE, nothing.contentRange());
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

  /** The whole blob in one request. */
  void upload(RoutingContext ctx) {
    String name = requireName(ctx);
    String announced = ctx.request().getParam("digest");
    if (announced == null) {
      throw new OciException(
          Code.UNSUPPORTED,
          "uploads in chunks are not offered (fix: send the whole blob with ?digest=sha256:<hex>)");
    }
    Digest digest = digest(announced);
    requireLength(ctx.request());
    ctx.request().pause();
    vertx
        .executeBlocking(() -> store.begin(digest), false)
        .onSuccess(
            upload ->
                receive(ctx.request(), upload)
                    .onComplete(
                        done -> {
                          discard(upload);
                          if (done.succeeded()) {
                            created(ctx, name, done.result());
                          } else {
                            refuse(ctx, done.cause());
                          }
                        }))
        .onFailure(ctx::fail);
  }

  private void requireLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length) > store.longest()) {
      throw new OciException(
          Code.SIZE_INVALID,
          "blob: %s bytes (expected: at most %,d)".formatted(length, store.longest()));
    }
  }

  /** Chunk by chunk; the socket is read on only after a chunk was written. */
  private Future<StoredBlob> receive(HttpServerRequest request, BlobUpload upload) {
    Promise<StoredBlob> done = Promise.promise();
    request.exceptionHandler(done::tryFail);
    request.handler(
        chunk -> {
          request.pause();
          byte[] bytes = chunk.getBytes();
          vertx
              .executeBlocking(
                  () -> {
                    upload.write(bytes);
                    return bytes.length;
                  },
                  false)
              .onSuccess(written -> request.resume())
              .onFailure(
                  failure -> {
                    // What still comes is read and dropped, so that the answer can be seen.
                    request.handler(ignored -> {});
                    request.resume();
                    done.tryFail(failure);
                  });
        });
    request.endHandler(
        end ->
            vertx
                .executeBlocking(upload::commit, false)
                .onSuccess(done::tryComplete)
                .onFailure(done::tryFail));
    request.resume();
    return done.future();
  }

  private void discard(BlobUpload upload) {
    vertx
        .executeBlocking(
            () -> {
              upload.close();
              return upload;
            },
            false)
        .onFailure(failure -> LOG.warn("An upload's temporary file stays behind: {}", failure));
  }

  private void created(RoutingContext ctx, String name, StoredBlob blob) {
    metrics.stored(blob.length());
    LOG.debug("Blob {} of {} bytes stored for {}", blob.digest(), blob.length(), name);
    ctx.response()
        .setStatusCode(201)
        .putHeader(HttpHeaders.LOCATION, "/v2/" + name + "/blobs/" + blob.digest())
        .putHeader("Docker-Content-Digest", blob.digest().toString())
        .end();
  }

  private static void refuse(RoutingContext ctx, Throwable failure) {
    if (failure instanceof BlobRefusedException refused) {
      Code code =
          switch (refused.reason()) {
            case DIGEST -> Code.DIGEST_INVALID;
            case TOO_LARGE -> Code.SIZE_INVALID;
            case UPLOAD_UNKNOWN, UPLOAD_BUSY -> Code.BLOB_UPLOAD_INVALID;
          };
      ctx.fail(new OciException(code, String.valueOf(refused.getMessage())));
    } else if (failure instanceof IOException) {
      // Also the client that went away; nobody reads that answer.
      LOG.warn("An upload ended early: {}", failure.toString());
      ctx.fail(new OciException(Code.BLOB_UPLOAD_INVALID, 500, "the blob could not be stored"));
    } else {
      ctx.fail(failure);
    }
  }

  private static String requireName(RoutingContext ctx) {
    String name = String.valueOf(ctx.pathParam("name"));
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      throw new OciException(
          Code.NAME_INVALID,
          "name: '" + name + "' (expected: parts of a-z 0-9 with single . _ - between)");
    }
    return name;
  }

  private static Digest digest(@Nullable String text) {
    try {
      return Digest.parse(String.valueOf(text));
    } catch (IllegalArgumentException e) {
      throw new OciException(Code.DIGEST_INVALID, String.valueOf(e.getMessage()));
    }
  }
}

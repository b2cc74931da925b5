package dev.earshot.registry.http;

import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes of a blob as a response's body: sent by the kernel when there is a file, else read in
 * pieces of {@link #CHUNK}, each when the one before has gone out, so that a slow client costs one
 * piece of memory. A store that fails on the way ends the connection: the client sees that the body
 * is short and resumes by Range.
 */
final class BlobBody {
  /** Bytes. */
  static final int CHUNK = 64 * 1024;

  private final Vertx vertx;
  private final Context context;
  private final HttpServerResponse response;
  private final InputStream in;
  private final Promise<Void> done = Promise.promise();
  private final AtomicBoolean closed = new AtomicBoolean();

  private BlobBody(Vertx vertx, Context context, HttpServerResponse response, InputStream in) {
    this.vertx = vertx;
    this.context = context;
    this.response = response;
    this.in = in;
  }

  /**
   * Ends the response, whose status and headers are set, with a part of the blob. Called on the
   * response's event loop; never blocks it.
   *
   * @return when it has gone out. Fails when it could not; then the connection is ended
   */
  static Future<Void> send(
      Vertx vertx,
      BlobStore store,
      HttpServerResponse response,
      StoredBlob blob,
      long offset,
      long length) {
    if (blob.file().isPresent()) {
      return response
          .sendFile(blob.file().get().toString(), offset, length)
          .onFailure(failure -> response.reset());
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    Context context = vertx.getOrCreateContext();
    return vertx
        .executeBlocking(() -> store.open(blob, offset, length), false)
        .compose(in -> new BlobBody(vertx, context, response, Objects.requireNonNull(in)).run())
        .onFailure(failure -> response.reset());
  }

  private Future<Void> run() {
    response.closeHandler(gone -> fail(new IOException("the client went away")));
    response.exceptionHandler(this::fail);
    next();
    return done.future();
  }

  private void next() {
    vertx
        .executeBlocking(() -> in.readNBytes(CHUNK), false)
        .onSuccess(
            chunk -> {
              if (chunk.length == 0) {
                response.end().onSuccess(ended -> finish()).onFailure(this::fail);
              } else {
                response
                    .write(Buffer.buffer(chunk))
                    .onSuccess(written -> next())
                    .onFailure(this::fail);
              }
            })
        .onFailure(this::fail);
  }

  private void finish() {
    close();
    done.tryComplete();
  }

  private void fail(Throwable failure) {
    close();
    done.tryFail(failure);
  }

  /** May wait for the store, and for a read that still runs. */
  private void close() {
    if (closed.compareAndSet(false, true)) {
      context.executeBlocking(
          () -> {
            in.close();
            return in;
          },
          false);
    }
  }
}

package dev.earshot.registry.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * A request's body on its way to something that blocks. The socket is read on only after a piece
 * was written, so a fast client costs one piece of memory. Used on the request's event loop.
 */
final class BodyTransfer {
  /** Takes one piece; blocks. */
  @FunctionalInterface
  interface Sink {
    void write(byte[] piece) throws IOException;
  }

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Sink sink;
  private final Context context;
  private final Promise<Long> done = Promise.promise();
  private long bytes;
  private boolean writing;

  private BodyTransfer(Vertx vertx, HttpServerRequest request, Sink sink) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.sink = sink;
  }

  /** Starts it. The request must have been paused in the moment that it came. */
  static BodyTransfer start(Vertx vertx, HttpServerRequest request, Sink sink) {
    BodyTransfer transfer = new BodyTransfer(vertx, request, sink);
    request.exceptionHandler(transfer::fail);
    request.handler(transfer::take);
    request.endHandler(end -> transfer.done.tryComplete(transfer.bytes));
    request.resume();
    return transfer;
  }

  private void take(Buffer chunk) {
    request.pause();
    writing = true;
    byte[] piece = chunk.getBytes();
    vertx
        .executeBlocking(
            () -> {
              sink.write(piece);
              return piece.length;
            },
            false)
        .onSuccess(
            written -> {
              bytes += written;
              writing = false;
              request.resume();
            })
        .onFailure(this::fail);
  }

  /** What still comes is read and dropped, so that the answer can be seen. */
  private void fail(Throwable failure) {
    if (done.tryFail(failure)) {
      drop(request);
    }
  }

  /**
   * Ends it early for another request, if nothing is being written and that still holds. Called on
   * any thread.
   *
   * @return whether it was ended
   */
  Future<Boolean> giveWay(BooleanSupplier still, Throwable failure) {
    Promise<Boolean> yielded = Promise.promise();
    context.runOnContext(
        v -> {
          boolean idle = !writing && !done.future().isComplete() && still.getAsBoolean();
          if (idle) {
            fail(failure);
          }
          yielded.complete(idle);
        });
    return yielded.future();
  }

  /** Ends it early. Called on any thread. */
  void end(Throwable failure) {
    context.runOnContext(v -> fail(failure));
  }

  /** Lets a paused request run out, so that its answer can be seen. */
  static void drop(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.handler(ignored -> {});
      request.resume();
    }
  }

  /** How many bytes were written, when all were. */
  Future<Long> done() {
    return done.future();
  }
}

package dev.earshot.registry.http;

import dev.earshot.registry.blob.BlobRefusedException;
import dev.earshot.registry.blob.BlobRefusedException.Reason;
import dev.earshot.registry.blob.UploadSession;
import dev.earshot.registry.blob.UploadSessions;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which request holds which upload session; one at a time. A client that lost its connection comes
 * back on a new one while the old one still looks alive here, for minutes maybe. So a request that
 * goes on exactly where the session is takes it over from one to which nothing comes, and that one
 * is refused. Thread-safe.
 */
final class UploadHolds {
  private final Vertx vertx;
  private final UploadSessions sessions;
  private final Map<String, Hold> held = new ConcurrentHashMap<>();

  UploadHolds(Vertx vertx, UploadSessions sessions) {
    this.vertx = vertx;
    this.sessions = sessions;
  }

  /** A session in the hand of one request. */
  final class Hold {
    private final UploadSession session;
    private final Promise<Void> released = Promise.promise();

    /** Once there is a body on its way. */
    private volatile @Nullable BodyTransfer transfer;

    private Hold(UploadSession session) {
      this.session = session;
    }

    UploadSession session() {
      return session;
    }

    /** Writes a body behind what is there already. */
    Future<Long> receive(HttpServerRequest request, BodyTransfer.Sink sink) {
      BodyTransfer started = BodyTransfer.start(vertx, request, sink);
      transfer = started;
      return started.done();
    }

    /** Lets go of the session, which keeps what it has. */
    Future<String> release() {
      return vertx
          .executeBlocking(
              () -> {
                session.close();
                return session.id();
              },
              false)
          .map(Objects::requireNonNull)
          .onComplete(
              closed -> {
                held.remove(session.id(), this);
                released.tryComplete();
              });
    }
  }

  /**
   * Takes hold of a session.
   *
   * @param from the offset that the request goes on at, when it says so
   */
  Future<Hold> take(String id, Optional<Long> from) {
    return resume(id)
        .recover(
            failure -> {
              if (!isBusy(failure)) {
                return Future.failedFuture(failure);
              }
              Hold holder = held.get(id);
              if (holder == null) {
                // Let go between the two looks.
                return resume(id);
              }
              BodyTransfer transfer = holder.transfer;
              if (transfer != null && transfer.done().isComplete()) {
                return holder.released.future().compose(v -> resume(id));
              }
              if (transfer == null || from.isEmpty()) {
                return Future.failedFuture(failure);
              }
              return transfer
                  .giveWay(() -> holder.session().offset() == from.get(), takenOver())
                  .compose(
                      yielded ->
                          yielded
                              ? holder.released.future().compose(v -> resume(id))
                              : Future.failedFuture(failure));
            });
  }

  /** Takes hold of a session, also while a body comes into it. */
  Future<Hold> seize(String id) {
    return resume(id)
        .recover(
            failure -> {
              Hold holder = held.get(id);
              BodyTransfer transfer = holder == null ? null : holder.transfer;
              if (!isBusy(failure) || holder == null || transfer == null) {
                return Future.failedFuture(failure);
              }
              transfer.end(takenOver());
              return holder.released.future().compose(v -> resume(id));
            });
  }

  private Future<Hold> resume(String id) {
    return vertx
        .executeBlocking(
            () -> {
              Hold hold = new Hold(sessions.resume(id));
              held.put(id, hold);
              return hold;
            },
            false)
        .map(Objects::requireNonNull);
  }

  private static OciException takenOver() {
    return new OciException(
        Code.BLOB_UPLOAD_INVALID,
        UploadRange.UNSATISFIABLE,
        "upload: another request has taken it over");
  }

  private static boolean isBusy(Throwable failure) {
    return failure instanceof BlobRefusedException refused
        && refused.reason() == Reason.UPLOAD_BUSY;
  }
}

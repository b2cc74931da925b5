package dev.earshot.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.registry.ledger.LedgerUnavailableException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the query plane's answers have in common. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("views are always JSON", e);
    }
  }

  /** JSON that is tagged with its own digest. */
  static void send(RoutingContext ctx, byte[] json) {
    send(ctx, EntityTag.of(Digest.of(json)), json);
  }

  /**
   * JSON, or 304 when the client has it. A release can still be revoked, so caches ask again each
   * time.
   */
  static void send(RoutingContext ctx, EntityTag tag, byte[] json) {
    send(ctx, tag, OciRequest.ASK_AGAIN, json);
  }

  /** The same, with how long caches may keep it. */
  static void send(RoutingContext ctx, EntityTag tag, String caching, byte[] json) {
    ctx.response()
        .putHeader(HttpHeaders.ETAG, tag.header())
        .putHeader(HttpHeaders.CACHE_CONTROL, caching);
    boolean reading = ctx.request().method().equals(HttpMethod.GET);
    if (reading && tag.noneMatchFails(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      ctx.response().setStatusCode(304).end();
      return;
    }
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(json));
  }

  /** A write that failed. */
  static void fail(RoutingContext ctx, Throwable failure) {
    if (failure instanceof LedgerUnavailableException unavailable) {
      LOG.warn("A write was not recorded: {}", unavailable.getMessage());
      ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
      ctx.fail(
          new ProblemException(
              ProblemType.UNAVAILABLE,
              unavailable.getMessage() + "; the same request again is safe"));
    } else {
      ctx.fail(failure);
    }
  }
}

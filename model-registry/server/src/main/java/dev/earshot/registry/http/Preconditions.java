package dev.earshot.registry.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Holds a write to what it was decided on (RFC 9110, section 13). */
final class Preconditions {
  private Preconditions() {}

  /**
   * @throws ProblemException 428 without {@code If-Match}, 412 when it names another state
   */
  static void requireMatch(RoutingContext ctx, EntityTag now) {
    String header = ctx.request().getHeader(HttpHeaders.IF_MATCH);
    if (header == null) {
      throw new ProblemException(
          ProblemType.PRECONDITION_REQUIRED,
          "send If-Match with the ETag of what you decided on (get it first)");
    }
    if (!now.matches(header)) {
      throw changed();
    }
  }

  /**
   * For a resource that there may not be yet.
   *
   * @param now empty when there is none
   * @throws ProblemException 428 without a condition, 412 when it does not hold
   */
  static void requireMatchOrAbsence(RoutingContext ctx, @Nullable EntityTag now) {
    String noneMatch = ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    if (noneMatch != null && noneMatch.strip().equals("*")) {
      if (now != null) {
        throw changed();
      }
      return;
    }
    String match = ctx.request().getHeader(HttpHeaders.IF_MATCH);
    if (match == null) {
      throw new ProblemException(
          ProblemType.PRECONDITION_REQUIRED,
          "send If-Match with the ETag of what you decided on, or If-None-Match: * to make it");
    }
    if (now == null || !now.matches(match)) {
      throw changed();
    }
  }

  static ProblemException changed() {
    return new ProblemException(
        ProblemType.PRECONDITION_FAILED, "it is no longer what you decided on (get it again)");
  }
}

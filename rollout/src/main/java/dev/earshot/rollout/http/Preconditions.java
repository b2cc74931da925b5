package dev.earshot.rollout.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code If-Match}. */
final class Preconditions {
  private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

  private Preconditions() {}

  /** The revision that the client saw; a problem when it does not say. */
  static long revision(RoutingContext ctx) {
    String header = ctx.request().getHeader(HttpHeaders.IF_MATCH);
    if (header == null) {
      throw new ProblemException(
          ProblemType.PRECONDITION_REQUIRED,
          "send If-Match with the ETag of the rollout that you decided on");
    }
    Matcher tag = TAG.matcher(header.strip());
    if (!tag.matches()) {
      throw new ProblemException(
          ProblemType.PRECONDITION_FAILED,
          "If-Match: " + header + " (expected: one ETag of this rollout, such as \"3\")");
    }
    return Long.parseLong(tag.group(1));
  }
}

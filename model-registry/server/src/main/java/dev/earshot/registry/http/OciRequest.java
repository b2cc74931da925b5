package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.Reference;
import dev.earshot.registry.oci.RepositoryName;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** What requests and answers under {@code /v2} have in common. */
final class OciRequest {
  static final String CONTENT_DIGEST = "Docker-Content-Digest";

  /** Content that is named by its digest can't change. */
  static final String FOR_EVER = "public, max-age=31536000, immutable";

  /** What a tag or a list names can; caches ask each time, and the answer is mostly 304. */
  static final String ASK_AGAIN = "public, no-cache";

  private OciRequest() {}

  static RepositoryName name(RoutingContext ctx) {
    return new RepositoryName(String.valueOf(ctx.pathParam("name")));
  }

  static Digest digest(RoutingContext ctx) {
    return Reference.digest(String.valueOf(ctx.pathParam("digest")));
  }

  static boolean isHead(RoutingContext ctx) {
    return ctx.request().method().equals(HttpMethod.HEAD);
  }

  /** Sets what names the content, and answers 304 when the client has it. */
  static boolean answeredNotModified(RoutingContext ctx, Digest digest, String caching) {
    EntityTag tag = EntityTag.of(digest);
    HttpServerResponse response =
        ctx.response()
            .putHeader(HttpHeaders.ETAG, tag.header())
            .putHeader(HttpHeaders.CACHE_CONTROL, caching)
            .putHeader(CONTENT_DIGEST, digest.toString());
    if (!tag.noneMatchFails(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      return false;
    }
    response.setStatusCode(304).end();
    return true;
  }

  /** How many entries are asked for; empty for all. */
  static Optional<Integer> count(RoutingContext ctx) {
    String text = ctx.request().getParam("n");
    if (text == null) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,9}")) {
      throw new OciException(Code.UNSUPPORTED, "n: '" + text + "' (expected: 0 to 999999999)");
    }
    return Optional.of(Integer.parseInt(text));
  }
}

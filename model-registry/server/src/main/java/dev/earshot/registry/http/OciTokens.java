package dev.earshot.registry.http;

import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may write under {@code /v2}: whoever has the operator's token, as a bearer token or as the
 * password of Basic authentication with any user name, which is what {@code docker login} and
 * {@code oras login} send. The challenge names Basic alone: to these clients a Bearer challenge
 * means a token service, which there is none.
 */
final class OciTokens {
  private static final String CHALLENGE = "Basic realm=\"earshot\", charset=\"UTF-8\"";

  private final byte[] expected;

  /**
   * @param token empty refuses everything: a service whose token was not configured fails closed
   */
  OciTokens(String token) {
    this.expected = token.getBytes(StandardCharsets.UTF_8);
  }

  /** Lets only the operator pass. */
  void require(RoutingContext ctx) {
    Optional<byte[]> given = given(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (given.isEmpty()) {
      refuse(
          ctx, "send the operator's token (Authorization: Bearer, or Basic with it as password)");
    } else if (expected.length == 0 || !MessageDigest.isEqual(expected, given.get())) {
      refuse(ctx, "the token is not valid");
    } else {
      ctx.next();
    }
  }

  /**
   * The version check is where clients log in: docker sends its password to no registry that did
   * not ask for it there. So it asks, although reading needs no token, unless no token would do.
   */
  void requireToLogIn(RoutingContext ctx) {
    if (expected.length == 0) {
      ctx.next();
    } else {
      require(ctx);
    }
  }

  private static void refuse(RoutingContext ctx, String message) {
    ctx.response().putHeader("WWW-Authenticate", CHALLENGE);
    ctx.fail(new OciException(Code.UNAUTHORIZED, message));
  }

  private static Optional<byte[]> given(@Nullable String header) {
    if (header == null || header.indexOf(' ') < 0) {
      return Optional.empty();
    }
    int space = header.indexOf(' ');
    String value = header.substring(space + 1).strip();
    return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> Optional.of(value.getBytes(StandardCharsets.UTF_8));
      case "basic" -> password(value);
      default -> Optional.empty();
    };
  }

  private static Optional<byte[]> password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

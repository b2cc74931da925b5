package dev.earshot.rollout.http;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.rollout.control.ControlPlane;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which request this is. With an {@code Idempotency-Key} the identity is derived from who asks, the
 * key, the path and the body, and it is kept in the audit trail with the answer: so any instance
 * knows a request that comes again, also after a restart.
 *
 * @param id of the request in the audit trail
 * @param scope what all requests of this actor with this key begin with; null without a key
 * @param name hexadecimal digits to name what the request creates: the same for the same actor and
 *     key
 */
record RequestIdentity(String id, @Nullable String scope, String name) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String HEADER = "Idempotency-Key";
  private static final int LONGEST_KEY = 255;
  private static final int DIGITS = 24;

  static RequestIdentity of(RoutingContext ctx, String body) {
    String key = ctx.request().getHeader(HEADER);
    if (key == null) {
      String random = randomHex();
      return new RequestIdentity(random, null, random);
    }
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST,
          "the idempotency key can't be used",
          List.of(new FieldError(HEADER, "expected: 1 to " + LONGEST_KEY + " characters")));
    }
    String who = digest(Guard.operator(ctx).name() + "\n" + key);
    String scope = "k-" + who.substring(0, DIGITS) + "-";
    String what = digest(ctx.request().path() + "\n" + body);
    return new RequestIdentity(scope + what.substring(0, DIGITS), scope, who);
  }

  /** The answer that this request got before; a problem when its key was another request's. */
  Optional<RolloutEvent> answered(ControlPlane plane) {
    RolloutEvent first = scope == null ? null : plane.answered(scope);
    if (first != null && !first.getRequestId().equals(id)) {
      throw new ProblemException(
          ProblemType.IDEMPOTENCY_KEY_REUSED,
          "this key was used for another request, about "
              + first.getRollout()
              + "; send the same path and body again, or another key");
    }
    return Optional.ofNullable(first);
  }

  /** 128 random bits. */
  static String randomHex() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static long randomSeed() {
    return RANDOM.nextLong();
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }
}

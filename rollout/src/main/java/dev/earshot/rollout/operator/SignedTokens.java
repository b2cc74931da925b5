package dev.earshot.rollout.operator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Tokens that an identity provider signed (JWT): who somebody is stands in {@code sub}, their roles
 * in {@code roles}. Only public keys are accepted, so that nobody who can read the file can sign; a
 * token without {@code exp}, {@code iss} or {@code aud} is not valid.
 */
final class SignedTokens {
  private static final Set<String> PUBLIC_KEYS = Set.of("RSA", "EC", "OKP");
  private static final int LEEWAY_SECONDS = 30;

  private final JWTAuth verifier;
  private final OperatorSettings.Jwt settings;

  private SignedTokens(JWTAuth verifier, OperatorSettings.Jwt settings) {
    this.verifier = verifier;
    this.settings = settings;
  }

  /**
   * Reads a JWK set.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static SignedTokens parse(Vertx vertx, OperatorSettings.Jwt settings, byte[] jwks) {
    JWTAuthOptions options =
        new JWTAuthOptions()
            .setJWTOptions(
                new JWTOptions()
                    .setIssuer(settings.issuer())
                    .addAudience(settings.audience())
                    .setLeeway(LEEWAY_SECONDS));
    for (JsonObject key : keys(jwks)) {
      options.addJwk(key);
    }
    try {
      return new SignedTokens(JWTAuth.create(vertx, options), settings);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("keys: one can't be used: " + e.getMessage(), e);
    }
  }

  /** Who signed in; fails when the token does not hold. */
  Future<Operator> verify(String token) {
    return verifier.authenticate(new TokenCredentials(token)).map(this::operator);
  }

  private Operator operator(User user) {
    JsonObject claims = user.attributes().getJsonObject("accessToken");
    check(claims.getValue("exp") instanceof Number, "no exp");
    check(settings.issuer().equals(claims.getValue("iss")), "iss");
    Object audience = claims.getValue("aud");
    boolean meant =
        audience instanceof JsonArray several
            ? several.contains(settings.audience())
            : settings.audience().equals(audience);
    check(meant, "aud");
    check(claims.getValue("sub") instanceof String, "no sub");
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    if (claims.getValue("roles") instanceof JsonArray words) {
      words.forEach(word -> Role.of(String.valueOf(word)).ifPresent(roles::add));
    }
    return Operator.named(claims.getString("sub"), roles);
  }

  private static List<JsonObject> keys(byte[] jwks) {
    try {
      JsonArray keys = new JsonObject(Buffer.buffer(jwks)).getJsonArray("keys", new JsonArray());
      check(!keys.isEmpty(), "keys: none (expected: a JWK set with at least one public key)");
      List<JsonObject> all = keys.stream().map(JsonObject.class::cast).toList();
      for (JsonObject key : all) {
        check(
            PUBLIC_KEYS.contains(key.getString("kty", "")) && !key.containsKey("d"),
            "keys: one is not a public key (expected: kty RSA, EC or OKP, without private parts)");
      }
      return all;
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("not a JWK set in JSON", e);
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}

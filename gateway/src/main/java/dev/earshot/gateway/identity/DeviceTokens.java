package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;
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
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Devices' tokens, verified by one JWK set. Only public keys are accepted, so that nobody who can
 * read the set can sign.
 */
final class DeviceTokens {
  private static final Set<String> PUBLIC_KEYS = Set.of("RSA", "EC", "OKP");
  private static final int LEEWAY_SECONDS = 30;

  private final JWTAuth verifier;
  private final IdentitySettings.Tokens settings;

  private DeviceTokens(JWTAuth verifier, IdentitySettings.Tokens settings) {
    this.verifier = verifier;
    this.settings = settings;
  }

  /**
   * Reads a JWK set.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static DeviceTokens parse(Vertx vertx, IdentitySettings.Tokens settings, byte[] jwks) {
    JWTAuthOptions options =
        new JWTAuthOptions()
            .setJWTOptions(
                new JWTOptions()
                    .setIssuer(settings.issuer())
                    .addAudience(settings.audience())
                    .setLeeway(LEEWAY_SECONDS));
    keys(jwks).forEach(options::addJwk);
    try {
      return new DeviceTokens(JWTAuth.create(vertx, options), settings);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("keys: one can't be used: " + e.getMessage(), e);
    }
  }

  /** Whose token that is; fails when it does not hold. */
  Future<Proof> verify(String token) {
    return verifier.authenticate(new TokenCredentials(token)).map(this::proof);
  }

  private Proof proof(User user) {
    JsonObject claims = user.attributes().getJsonObject("accessToken");
    check(claims.getValue("exp") instanceof Number, "token: no exp");
    check(settings.issuer().equals(claims.getValue("iss")), "token: iss is another");
    Object audience = claims.getValue("aud");
    check(
        audience instanceof JsonArray several
            ? several.contains(settings.audience())
            : settings.audience().equals(audience),
        "token: aud is another");
    check(claims.getValue("sub") instanceof String, "token: no sub");
    return new Proof(
        DeviceId.parse(claims.getString("sub")),
        null,
        Instant.ofEpochSecond(claims.getLong("exp")));
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

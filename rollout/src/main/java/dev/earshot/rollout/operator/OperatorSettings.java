package dev.earshot.rollout.operator;

import dev.earshot.service.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where operators are known from. With nothing set nobody is let in.
 *
 * @param adminToken bearer token of the actor {@code admin}, who has every role; empty: none
 * @param file list of operators with the SHA-256 of their tokens; null: none
 * @param jwt whose signed tokens are believed; null: nobody's
 */
public record OperatorSettings(String adminToken, @Nullable Path file, @Nullable Jwt jwt) {
  /**
   * An identity provider (OpenID Connect).
   *
   * @param jwks file with its public keys, as it publishes them
   * @param issuer what {@code iss} must be
   * @param audience what {@code aud} must contain
   */
  public record Jwt(Path jwks, String issuer, String audience) {}

  /** Only the admin token. */
  public static OperatorSettings adminOnly(String token) {
    return new OperatorSettings(token, null, null);
  }

  /** Reads {@code EARSHOT_ADMIN_TOKEN} and {@code EARSHOT_OPERATOR*}. */
  public static OperatorSettings from(Settings settings) {
    String token = settings.secret("EARSHOT_ADMIN_TOKEN");
    @Nullable Path file = path(settings, "EARSHOT_OPERATORS_FILE");
    @Nullable Path jwks = path(settings, "EARSHOT_OPERATOR_JWKS");
    if (jwks == null) {
      // Asked for all the same, so that they are known settings.
      settings.text("EARSHOT_OPERATOR_ISSUER", "");
      settings.text("EARSHOT_OPERATOR_AUDIENCE", "");
      return new OperatorSettings(token, file, null);
    }
    return new OperatorSettings(
        token,
        file,
        new Jwt(
            jwks,
            settings.requiredText("EARSHOT_OPERATOR_ISSUER"),
            settings.requiredText("EARSHOT_OPERATOR_AUDIENCE")));
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "OperatorSettings[admin token "
        + (adminToken.isEmpty() ? "not set" : "set")
        + ", file "
        + file
        + ", jwt "
        + jwt
        + "]";
  }

  private static @Nullable Path path(Settings settings, String key) {
    String text = settings.text(key, "");
    return text.isBlank() ? null : settings.path(key, Path.of(""));
  }
}

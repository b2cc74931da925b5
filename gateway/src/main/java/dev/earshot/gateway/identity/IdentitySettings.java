package dev.earshot.gateway.identity;

import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a gateway tells devices apart, and where they reach it.
 *
 * @param auth how devices prove who they are; must be chosen
 * @param plain whether MQTT without TLS is served: always in development, else only behind
 *     something that ends TLS
 * @param tls where MQTT over TLS is served; empty when it is not
 * @param tokens who signs devices' tokens; empty when none are taken
 * @param denylist file with one {@code fleet/device} a line that is refused whatever it shows;
 *     lines that begin with {@code #} are remarks
 */
public record IdentitySettings(
    DeviceAuth auth,
    boolean plain,
    Optional<Tls> tls,
    Optional<Tokens> tokens,
    Optional<Path> denylist) {

  /** Believes user names, without TLS. */
  public static final IdentitySettings DEVELOPMENT =
      new IdentitySettings(
          DeviceAuth.DEVELOPMENT, true, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * TLS. All files are PEM and are read again when they change; connections that are open stay.
   *
   * @param port TCP port; 0 means any free one
   * @param certificate the gateway's, with the chain up to but without the root
   * @param key of the certificate, PKCS #8
   * @param deviceCa the authorities that issue devices' certificates; empty when none are taken
   * @param revoked their certificate revocation lists; empty for none
   */
  public record Tls(
      int port, Path certificate, Path key, Optional<Path> deviceCa, Optional<Path> revoked) {}

  /**
   * Tokens (JWT, RFC 7519): {@code sub} is {@code fleet/device}; {@code exp}, {@code iss} and
   * {@code aud} must be there.
   *
   * @param keys JWK set (RFC 7517): a file, or an http(s) URL; read again as it changes
   * @param issuer what {@code iss} must be
   * @param audience what {@code aud} must contain
   */
  public record Tokens(String keys, String issuer, String audience) {}

  /** Reads the environment's keys; the caller ends with {@link Settings#finish}. */
  public static IdentitySettings from(Settings settings) {
    DeviceAuth auth =
        settings.parsed(
            "EARSHOT_DEVICE_AUTH",
            DeviceAuth.UNDECIDED,
            DeviceAuth::parse,
            "development, certificate, token or certificate-or-token");
    int port = settings.port("EARSHOT_MQTTS_PORT", 8883);
    Optional<Path> certificate = path(settings, "EARSHOT_TLS_CERTIFICATE");
    Optional<Path> key = path(settings, "EARSHOT_TLS_KEY");
    Optional<Path> deviceCa = path(settings, "EARSHOT_DEVICE_CA");
    Optional<Path> revoked = path(settings, "EARSHOT_DEVICE_CRL");
    String keys = settings.text("EARSHOT_DEVICE_JWKS", "");
    String issuer = settings.text("EARSHOT_DEVICE_JWT_ISSUER", "");
    String audience = settings.text("EARSHOT_DEVICE_JWT_AUDIENCE", "");
    boolean plain =
        settings.parsed("EARSHOT_PLAIN_MQTT", false, IdentitySettings::flag, "true or false");
    return new IdentitySettings(
        auth,
        plain || auth == DeviceAuth.DEVELOPMENT,
        certificate.flatMap(
            chain -> key.map(secret -> new Tls(port, chain, secret, deviceCa, revoked))),
        keys.isEmpty() ? Optional.empty() : Optional.of(new Tokens(keys, issuer, audience)),
        path(settings, "EARSHOT_DEVICE_DENYLIST"));
  }

  private static Optional<Path> path(Settings settings, String key) {
    return Optional.of(settings.text(key, "")).filter(text -> !text.isEmpty()).map(Path::of);
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("no flag");
    };
  }

  /** What does not go together, each with its fix; empty when a gateway can start with this. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (auth == DeviceAuth.UNDECIDED) {
      problems.add(
          "EARSHOT_DEVICE_AUTH is not set: nobody chose how devices prove who they are. On a desk or"
              + " in a demonstration set EARSHOT_DEVICE_AUTH=development, which believes every user"
              + " name; else certificate, token or certificate-or-token");
      return problems;
    }
    if (auth.takesCertificates() && tls.flatMap(Tls::deviceCa).isEmpty()) {
      problems.add(
          "devices are to show certificates, but no authority is known (fix: set EARSHOT_TLS_CERTIFICATE,"
              + " EARSHOT_TLS_KEY and EARSHOT_DEVICE_CA)");
    }
    if (auth == DeviceAuth.CERTIFICATE && plain) {
      problems.add(
          "EARSHOT_PLAIN_MQTT=true: without TLS nobody can show a certificate (fix: leave it out)");
    }
    if (auth.takesTokens()
        && tokens.filter(t -> !t.issuer().isEmpty() && !t.audience().isEmpty()).isEmpty()) {
      problems.add(
          "devices are to show tokens, but not whose (fix: set EARSHOT_DEVICE_JWKS,"
              + " EARSHOT_DEVICE_JWT_ISSUER and EARSHOT_DEVICE_JWT_AUDIENCE)");
    }
    if (!plain && tls.isEmpty()) {
      problems.add(
          "nothing to listen on: tokens must not travel in the clear (fix: set EARSHOT_TLS_CERTIFICATE and"
              + " EARSHOT_TLS_KEY; behind something that ends TLS, EARSHOT_PLAIN_MQTT=true)");
    }
    return problems;
  }
}

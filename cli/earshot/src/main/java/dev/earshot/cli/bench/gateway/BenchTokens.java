package dev.earshot.cli.bench.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.earshot.protocol.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Signs the tokens (JWT, ES256) that the devices of a benchmark show. */
final class BenchTokens {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final Duration VALID = Duration.ofDays(1);
  private static final String NAME = "bench";
  private static final String KEY_FILE = "token-key.der";
  private static final String JWKS_FILE = "jwks.json";
  private static final int COORDINATE_DIGITS = 64;

  private final Signature signature;
  private final long untilSeconds = Instant.now().plus(VALID).getEpochSecond();

  private BenchTokens(PrivateKey key) throws GeneralSecurityException {
    signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key);
  }

  /** Makes a key and writes it, and the set that gateways verify with, into the folder. */
  static void generate(Path folder) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    Files.write(folder.resolve(KEY_FILE), keys.getPrivate().getEncoded());
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    Files.writeString(
        folder.resolve(JWKS_FILE),
        """
        {"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"%s","x":"%s","y":"%s"}]}
        """
            .formatted(
                NAME,
                coordinate(key.getW().getAffineX().toString(16)),
                coordinate(key.getW().getAffineY().toString(16))));
  }

  /** A coordinate as a JWK has it: 32 bytes, whatever the number. */
  static String coordinate(String hex) {
    return BASE64.encodeToString(
        HexFormat.of().parseHex("0".repeat(COORDINATE_DIGITS - hex.length()) + hex));
  }

  /** Signs with the key in that folder. */
  static BenchTokens open(Path folder) throws IOException, GeneralSecurityException {
    byte[] key = Files.readAllBytes(folder.resolve(KEY_FILE));
    return new BenchTokens(
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
  }

  /** The settings of a gateway that believes these tokens, without TLS too. */
  static Map<String, String> gateway(Path folder) {
    return Map.of(
        "EARSHOT_DEVICE_AUTH",
        "token",
        "EARSHOT_DEVICE_JWKS",
        folder.resolve(JWKS_FILE).toString(),
        "EARSHOT_DEVICE_JWT_ISSUER",
        NAME,
        "EARSHOT_DEVICE_JWT_AUDIENCE",
        NAME,
        "EARSHOT_PLAIN_MQTT",
        "true");
  }

  /** What the device shows. One thread at a time. */
  String token(DeviceId device) throws GeneralSecurityException {
    String claims =
        """
        {"sub":"%s","iss":"%s","aud":"%s","exp":%d}\
        """
            .formatted(device, NAME, NAME, untilSeconds);
    String signed =
        base64("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"" + NAME + "\"}") + "." + base64(claims);
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + BASE64.encodeToString(signature.sign());
  }

  private static String base64(String text) {
    return BASE64.encodeToString(text.getBytes(UTF_8));
  }
}

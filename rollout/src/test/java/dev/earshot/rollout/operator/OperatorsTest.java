package dev.earshot.rollout.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.protocol.Digest;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OperatorsTest {
  private static final String ISSUER = "https://id.example";
  private static final String AUDIENCE = "earshot";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void adminToken_hasEveryRole_andNothingElseIsLetIn() throws Exception {
    Operators operators = Operators.open(vertx, OperatorSettings.adminOnly("secret"));
    assertEquals(
        Optional.of(new Operator("admin", EnumSet.allOf(Role.class))), bearer(operators, "secret"));
    assertEquals(Optional.empty(), bearer(operators, "secre"));
    assertEquals(Optional.empty(), bearer(operators, ""));
  }

  @Test
  void withoutSettings_nobodyIsLetIn() throws Exception {
    Operators operators = Operators.open(vertx, OperatorSettings.adminOnly(""));
    assertEquals(Optional.empty(), bearer(operators, ""));
  }

  @Test
  void file_namesPeople_andCountsAsSoonAsItChanges() throws Exception {
    Path file = write("operators.yaml", entry("alice", "operator, approver", "a"));
    Operators operators = Operators.open(vertx, new OperatorSettings("", file, null));
    Operator alice = new Operator("alice", Set.of(Role.OPERATOR, Role.APPROVER));
    assertEquals(Optional.of(alice), bearer(operators, "a"));

    write("operators.yaml", entry("bob", "viewer", "b"));
    operators.refresh();
    assertEquals(Optional.empty(), bearer(operators, "a"));
    assertEquals(Optional.of(new Operator("bob", Set.of(Role.VIEWER))), bearer(operators, "b"));

    write("operators.yaml", "- name: bob\n  roles: [king]\n");
    operators.refresh();
    assertEquals(Optional.empty(), bearer(operators, "b"), "a wrong file lets nobody in");

    write("operators.yaml", entry("bob", "viewer", "b"));
    operators.refresh();
    assertEquals("bob", bearer(operators, "b").orElseThrow().name());
    Files.delete(file);
    operators.refresh();
    assertEquals(Optional.empty(), bearer(operators, "b"), "a missing file lets nobody in");
  }

  @Test
  void wrongFile_isRefusedAtTheStart_namingEntryAndField() {
    assertEquals(
        "[0].roles: 'king' (expected: one of viewer, publisher, operator, approver)",
        problem("- {name: a, roles: [king]}"));
    assertEquals(
        "[0].name: 'admin' is reserved (expected: another)",
        problem(entry("admin", "viewer", "a")));
    assertEquals("[0].odd: unknown (known: name, roles, sha256)", problem("- {odd: 1}"));
    assertEquals(
        "[0].sha256: expected: the SHA-256 of the token, 64 hexadecimal digits in lower case",
        problem("- {name: a, roles: [viewer], sha256: abc}"));
    assertEquals(
        "[1].sha256: the token of an entry further up",
        problem(entry("a", "viewer", "t") + entry("b", "viewer", "t")));
    assertEquals(
        "[1].roles: others than a has further up (expected: the same)",
        problem(entry("a", "viewer", "t") + entry("a", "operator", "u")));
    assertEquals("expected: a list of entries with name, roles, sha256", problem(""));
    assertEquals("not readable as YAML or JSON", problem("- {"));
  }

  @Test
  void signedToken_saysWhoAndWhichRoles() throws Exception {
    KeyPair pair = pair();
    Operators operators = withKey(jwk(pair, false));
    assertEquals(
        Optional.of(new Operator("carol@id", Set.of(Role.PUBLISHER))),
        bearer(operators, sign(pair, claims())));
    assertEquals(
        Optional.of(new Operator("carol@id", Set.of())),
        bearer(operators, sign(pair, claims().put("roles", "operator"))));
  }

  @Test
  void signedTokenThatDoesNotHold_isNobodys() throws Exception {
    KeyPair pair = pair();
    Operators operators = withKey(jwk(pair, false));
    assertNobody(operators, sign(pair(), claims()), "another key");
    assertNobody(operators, sign(pair, claims().put("iss", "https://evil.example")), "issuer");
    assertNobody(operators, sign(pair, without("iss")), "no issuer");
    assertNobody(operators, sign(pair, claims().put("aud", "other")), "audience");
    assertNobody(operators, sign(pair, without("aud")), "no audience");
    assertNobody(operators, sign(pair, without("exp")), "no expiry");
    assertNobody(operators, sign(pair, claims().put("exp", 1_000)), "expired");
    assertNobody(operators, sign(pair, without("sub")), "no subject");
    assertNobody(operators, sign(pair, claims().put("sub", "admin")), "reserved name");
    String valid = sign(pair, claims());
    assertNobody(operators, valid.substring(0, valid.lastIndexOf('.') + 1), "no signature");
    assertNobody(operators, unsigned(claims()), "alg none");
    String payload = valid.substring(valid.indexOf('.') + 1, valid.lastIndexOf('.'));
    String king =
        base64(
            claims()
                .put("roles", new JsonArray().add("operator"))
                .encode()
                .getBytes(StandardCharsets.UTF_8));
    assertNobody(operators, valid.replace(payload, king), "other claims under the signature");
  }

  @Test
  void keysThatAreNotPublic_areRefused() throws Exception {
    assertEquals(
        "keys: one is not a public key (expected: kty RSA, EC or OKP, without private parts)",
        jwksProblem(jwk(pair(), true)));
    assertEquals(
        "keys: one is not a public key (expected: kty RSA, EC or OKP, without private parts)",
        jwksProblem(new JsonObject().put("kty", "oct").put("k", "c2VjcmV0")));
  }

  @Test
  void settings_askForIssuerAndAudienceWithKeys_andNeverShowTheToken() {
    Settings settings =
        Settings.of(Map.of("EARSHOT_ADMIN_TOKEN", "hush", "EARSHOT_OPERATOR_JWKS", "/keys.json"));
    OperatorSettings read = OperatorSettings.from(settings);
    InvalidSettings refused = assertThrows(InvalidSettings.class, () -> settings.finish("rollout"));
    assertEquals(
        2,
        String.valueOf(refused.getMessage())
            .lines()
            .filter(line -> line.contains("missing"))
            .count(),
        refused.getMessage());
    assertFalse(read.toString().contains("hush"));
  }

  private static void assertNobody(Operators operators, String token, String why) throws Exception {
    assertEquals(Optional.empty(), bearer(operators, token), why);
  }

  private static Optional<Operator> bearer(Operators operators, String token) throws Exception {
    return operators
        .bearer(token)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private Operators withKey(JsonObject key) throws IOException {
    Path jwks = write("jwks.json", new JsonObject().put("keys", new JsonArray().add(key)).encode());
    return Operators.open(
        vertx, new OperatorSettings("", null, new OperatorSettings.Jwt(jwks, ISSUER, AUDIENCE)));
  }

  private String jwksProblem(JsonObject key) {
    String message =
        String.valueOf(assertThrows(IllegalStateException.class, () -> withKey(key)).getMessage());
    return message.substring(message.indexOf(": ") + 2);
  }

  private String problem(String content) {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalStateException.class,
                    () ->
                        Operators.open(
                            vertx, new OperatorSettings("", write("bad.yaml", content), null)))
                .getMessage());
    return message.substring(message.indexOf(": ") + 2);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static String entry(String name, String roles, String token) {
    String digest = Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex();
    return "- {name: " + name + ", roles: [" + roles + "], sha256: " + digest + "}\n";
  }

  private static JsonObject claims() {
    return new JsonObject()
        .put("sub", "carol@id")
        .put("iss", ISSUER)
        .put("aud", new JsonArray().add(AUDIENCE))
        .put("exp", System.currentTimeMillis() / 1_000 + 600)
        .put("roles", new JsonArray().add("publisher").add("something-else"));
  }

  private static JsonObject without(String claim) {
    JsonObject claims = claims();
    claims.remove(claim);
    return claims;
  }

  private String sign(KeyPair pair, JsonObject claims) {
    return JWTAuth.create(vertx, new JWTAuthOptions().addJwk(jwk(pair, true)))
        .generateToken(claims, new JWTOptions().setAlgorithm("ES256").setNoTimestamp(true));
  }

  private static String unsigned(JsonObject claims) {
    return base64("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + base64(claims.encode().getBytes(StandardCharsets.UTF_8))
        + ".";
  }

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JsonObject jwk(KeyPair pair, boolean secret) {
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    JsonObject jwk =
        new JsonObject()
            .put("kty", "EC")
            .put("crv", "P-256")
            .put("alg", "ES256")
            .put("x", coordinate(key.getW().getAffineX()))
            .put("y", coordinate(key.getW().getAffineY()));
    return secret ? jwk.put("d", coordinate(((ECPrivateKey) pair.getPrivate()).getS())) : jwk;
  }

  private static String coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] padded = new byte[32];
    for (int i = 1; i <= Math.min(32, bytes.length); i++) {
      padded[32 - i] = bytes[bytes.length - i];
    }
    return base64(padded);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

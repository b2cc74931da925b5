package dev.earshot.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.gateway.identity.DeviceAuth;
import dev.earshot.gateway.identity.IdentitySettings;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.service.StartException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that asks for proof: real TLS, certificates of real authorities, signed tokens. */
@Timeout(120)
class IdentityIT {
  private static final String ISSUER = "https://factory.example";
  private static final String AUDIENCE = "earshot";

  @TempDir static Path folder;
  private static final TestAuthority AUTHORITY = new TestAuthority("devices");
  private static final TestAuthority STRANGER = new TestAuthority("strangers");
  private static final Vertx VERTX = Vertx.vertx();
  private static JsonObject firstKey;
  private static JsonObject secondKey;
  private static EmbeddedBroker broker;
  private static Gateway gateway;
  private static KafkaTap kafka;

  @BeforeAll
  static void start() throws Exception {
    TestAuthority.Issued server = AUTHORITY.server();
    firstKey = jwk("first");
    secondKey = jwk("second");
    broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
    IdentitySettings.Tls tls =
        new IdentitySettings.Tls(
            0,
            TestAuthority.write(file("chain.pem"), TestAuthority.pem(server.certificate())),
            TestAuthority.write(file("key.pem"), TestAuthority.key(server)),
            Optional.of(
                TestAuthority.write(file("ca.pem"), TestAuthority.pem(AUTHORITY.certificate()))),
            Optional.of(TestAuthority.write(file("crl.pem"), AUTHORITY.revoking(List.of()))));
    IdentitySettings identity =
        new IdentitySettings(
            DeviceAuth.CERTIFICATE_OR_TOKEN,
            false,
            Optional.of(tls),
            Optional.of(
                new IdentitySettings.Tokens(
                    TestAuthority.write(file("jwks.json"), jwks(firstKey)).toString(),
                    ISSUER,
                    AUDIENCE)),
            Optional.of(TestAuthority.write(file("denied"), "# nobody yet\n")));
    gateway = Gateway.start(config(identity), InstantSource.system());
    kafka = new KafkaTap(broker.bootstrap());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    broker.close();
    VERTX.close();
  }

  @Test
  void certificateWithTheDevicesName_isThatDevice() throws Exception {
    for (TestAuthority.Issued issued :
        List.of(AUTHORITY.device("home/c1"), AUTHORITY.deviceByUri("home/c2"))) {
      String name =
          issued.certificate().getSubjectX500Principal().getName().contains("c1") ? "c1" : "c2";
      try (PahoDevice device = PahoDevice.overTls(name, gateway.mqttsPort())) {
        device.connect(options(issued, null, null));
        device.publishAcknowledged(
            device.topic("heartbeat"), TestObjects.heartbeat(0).build().toByteArray());
        assertEquals(1, kafka.records(KafkaTopic.HEARTBEAT, "home/" + name).size());
      }
    }
  }

  @Test
  void userNameOfAnotherDevice_isRefused() throws Exception {
    assertRefused(options(AUTHORITY.device("home/c3"), "home/c4", null));
  }

  @Test
  void certificateOfAStranger_isRefused() throws Exception {
    assertRefused(options(STRANGER.device("home/c5"), "home/c5", null));
  }

  @Test
  void expiredCertificate_isRefused() throws Exception {
    assertRefused(options(AUTHORITY.expired("home/c6"), null, null));
  }

  @Test
  void nothingShown_isRefused_whateverTheUserName() throws Exception {
    assertRefused(options(null, "home/c7", null));
  }

  @Test
  void certificateThatNamesNoDevice_isRefused() throws Exception {
    assertRefused(options(AUTHORITY.device("gateway"), null, null));
  }

  @Test
  void portWithoutTls_isNotOpen() {
    assertEquals(0, gateway.mqttPort());
  }

  @Test
  void revokedCertificate_isSentAwayAndRefused_withoutARestart() throws Exception {
    TestAuthority.Issued issued = AUTHORITY.device("home/revoked");
    try (PahoDevice device = PahoDevice.overTls("revoked", gateway.mqttsPort())) {
      device.connect(options(issued, null, null));
      TestAuthority.write(file("crl.pem"), AUTHORITY.revoking(List.of(issued.certificate())));
      gateway.reviewIdentities();
      Await.until("the session ends", device::isLost);
      assertThrows(MqttException.class, () -> device.connect(options(issued, null, null)));
    }
  }

  @Test
  void deniedDevice_isSentAwayAndRefused_andLetInAgainWhenTheListForgetsIt() throws Exception {
    TestAuthority.Issued issued = AUTHORITY.device("home/denied");
    try (PahoDevice device = PahoDevice.overTls("denied", gateway.mqttsPort())) {
      device.connect(options(issued, null, null));
      TestAuthority.write(file("denied"), "home/denied\n");
      gateway.reviewIdentities();
      Await.until("the session ends", device::isLost);
      assertThrows(MqttException.class, () -> device.connect(options(issued, null, null)));
      // A list that makes no sense does not let everybody in.
      TestAuthority.write(file("denied"), "not a device\n");
      gateway.reviewIdentities();
      assertThrows(MqttException.class, () -> device.connect(options(issued, null, null)));
      TestAuthority.write(file("denied"), "");
      gateway.reviewIdentities();
      device.connect(options(issued, null, null));
    }
  }

  @Test
  void listSignedBySomebodyElse_isNotBelieved() throws Exception {
    TestAuthority.Issued issued = AUTHORITY.device("home/kept");
    TestAuthority.write(file("crl.pem"), STRANGER.revoking(List.of(issued.certificate())));
    gateway.reviewIdentities();
    assertEquals(1, new Scrape(gateway).value("identity_problem"));
    try (PahoDevice device = PahoDevice.overTls("kept", gateway.mqttsPort())) {
      device.connect(options(issued, null, null));
      assertFalse(device.isLost());
    } finally {
      TestAuthority.write(file("crl.pem"), AUTHORITY.revoking(List.of()));
    }
  }

  @Test
  void token_isThatDevice_andTheNewKeyCountsWhenTheSetHasIt() throws Exception {
    try (PahoDevice device = PahoDevice.overTls("t1", gateway.mqttsPort())) {
      device.connect(options(null, null, token(firstKey, "home/t1", 60)));
      device.disconnect();
      String next = token(secondKey, "home/t1", 60);
      assertThrows(MqttException.class, () -> device.connect(options(null, null, next)));
      TestAuthority.write(file("jwks.json"), jwks(firstKey, secondKey));
      gateway.reviewIdentities();
      device.connect(options(null, null, next));
    }
  }

  @Test
  void tokenOfAnotherDevice_expired_orForAnotherAudience_isRefused() throws Exception {
    assertRefused(options(null, "home/t2", token(firstKey, "home/t3", 60)));
    assertRefused(options(null, null, token(firstKey, "home/t2", -60)));
    assertRefused(options(null, null, token(firstKey, "no device", 60)));
    assertRefused(options(null, null, "no token"));
  }

  @Test
  void missingFile_doesNotStart_andSaysWhich() {
    IdentitySettings identity =
        new IdentitySettings(
            DeviceAuth.CERTIFICATE,
            false,
            Optional.of(
                new IdentitySettings.Tls(
                    0,
                    file("chain.pem"),
                    file("absent.pem"),
                    Optional.of(file("ca.pem")),
                    Optional.empty())),
            Optional.empty(),
            Optional.empty());
    StartException refused =
        assertThrows(
            StartException.class, () -> Gateway.start(config(identity), InstantSource.system()));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("EARSHOT_TLS_KEY " + file("absent.pem")),
        refused::toString);
    assertTrue(String.valueOf(refused.getMessage()).endsWith("no such file"), refused::toString);
  }

  private static void assertRefused(MqttConnectOptions options) throws Exception {
    try (PahoDevice device = PahoDevice.overTls("refused", gateway.mqttsPort())) {
      assertThrows(MqttException.class, () -> device.connect(options));
    }
  }

  private static MqttConnectOptions options(
      TestAuthority.@Nullable Issued own, @Nullable String username, @Nullable String token) {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setConnectionTimeout(10);
    options.setSocketFactory(AUTHORITY.context(own).getSocketFactory());
    options.setHttpsHostnameVerificationEnabled(true);
    if (username != null) {
      options.setUserName(username);
    }
    if (token != null) {
      // MQTT 3.1.1 has no password without a user name.
      options.setUserName(username == null ? "" : username);
      options.setPassword(token.toCharArray());
    }
    return options;
  }

  private static GatewayConfig config(IdentitySettings identity) {
    GatewayConfig development = TestObjects.config(broker.bootstrap());
    return TestObjects.config(
        development.kafka(), 0, "gateway-identity", identity, development.limits());
  }

  private static Path file(String name) {
    return folder.resolve(name);
  }

  private static String token(JsonObject key, String subject, int seconds) {
    long now = System.currentTimeMillis() / 1000;
    return JWTAuth.create(VERTX, new JWTAuthOptions().addJwk(key))
        .generateToken(
            new JsonObject()
                .put("sub", subject)
                .put("iss", ISSUER)
                .put("aud", List.of(AUDIENCE))
                .put("exp", now + seconds),
            new JWTOptions().setAlgorithm("ES256"));
  }

  private static String jwks(JsonObject... keys) {
    List<JsonObject> open =
        Arrays.stream(keys)
            .map(
                key -> {
                  JsonObject copy = key.copy();
                  copy.remove("d");
                  return copy;
                })
            .toList();
    return new JsonObject().put("keys", open).encode();
  }

  private static JsonObject jwk(String id) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    ECPublicKey open = (ECPublicKey) pair.getPublic();
    return new JsonObject()
        .put("kty", "EC")
        .put("crv", "P-256")
        .put("alg", "ES256")
        .put("use", "sig")
        .put("kid", id)
        .put("x", coordinate(open.getW().getAffineX()))
        .put("y", coordinate(open.getW().getAffineY()))
        .put("d", coordinate(((ECPrivateKey) pair.getPrivate()).getS()));
  }

  private static String coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
  }
}

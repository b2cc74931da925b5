package dev.earshot.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.identity.Credentials;
import dev.earshot.gateway.identity.IdentitySettings;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.ServiceProcess;
import dev.earshot.service.Settings;
import dev.earshot.service.StartException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {
  @Test
  void everyKey_isRead() {
    Settings settings =
        Settings.of(
            Map.of(
                "EARSHOT_KAFKA", "kafka:9092",
                "EARSHOT_MQTT_PORT", "2883",
                "EARSHOT_HTTP_PORT", "8080",
                "EARSHOT_INSTANCE", "gateway-7",
                "EARSHOT_DEVICE_AUTH", "development",
                "EARSHOT_MAX_PAYLOAD_BYTES", "2048",
                "EARSHOT_DELIVERY_TIMEOUT", "PT5S"));
    GatewayConfig config = GatewayConfig.from(settings);
    settings.finish("gateway");
    assertEquals("kafka:9092", config.kafka());
    assertEquals(2883, config.mqttPort());
    assertEquals(8080, config.httpPort());
    assertEquals("gateway-7", config.instance());
    assertEquals(IdentitySettings.DEVELOPMENT, config.identity());
    assertEquals(2048, config.limits().maxPayloadBytes());
    assertEquals(5, config.limits().deliveryTimeout().toSeconds());
  }

  @Test
  void wrongSettings_areAllNamed() {
    Settings settings =
        Settings.of(
            Map.of(
                "EARSHOT_DEVICE_AUTH", "none",
                "EARSHOT_MQTT_PROT", "1883",
                "EARSHOT_DELIVERY_TIMEOUT", "PT0.1S"));
    GatewayConfig.from(settings);
    InvalidSettings refused = assertThrows(InvalidSettings.class, () -> settings.finish("gateway"));
    assertEquals(
        List.of(
            "EARSHOT_DELIVERY_TIMEOUT: 'PT0.1S' (expected: a duration from PT1S to PT10M)",
            "EARSHOT_DEVICE_AUTH: 'none' (expected: development, certificate, token or certificate-or-token)",
            "EARSHOT_MQTT_PROT: unknown (did you mean EARSHOT_MQTT_PORT?)"),
        refused.errors().stream().sorted().toList());
    assertEquals(2, run(Map.of("EARSHOT_MQTT_PORT", "many")));
  }

  @Test
  void nobodyChoseHowDevicesProveWhoTheyAre_doesNotStart() {
    GatewayConfig config = GatewayConfig.from(Settings.of(Map.of()));
    StartException refused =
        assertThrows(StartException.class, () -> Gateway.start(config, InstantSource.system()));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("EARSHOT_DEVICE_AUTH is not set: "),
        refused::toString);
    assertEquals(1, run(Map.of()));
  }

  @Test
  void whatDoesNotGoTogether_isNamedWithItsFix() {
    assertEquals(
        List.of(
            "devices are to show certificates, but no authority is known (fix: set"
                + " EARSHOT_TLS_CERTIFICATE, EARSHOT_TLS_KEY and EARSHOT_DEVICE_CA)",
            "devices are to show tokens, but not whose (fix: set EARSHOT_DEVICE_JWKS,"
                + " EARSHOT_DEVICE_JWT_ISSUER and EARSHOT_DEVICE_JWT_AUDIENCE)",
            "nothing to listen on: tokens must not travel in the clear (fix: set"
                + " EARSHOT_TLS_CERTIFICATE and EARSHOT_TLS_KEY; behind something that ends TLS,"
                + " EARSHOT_PLAIN_MQTT=true)"),
        problems(Map.of("EARSHOT_DEVICE_AUTH", "certificate-or-token")));
    assertEquals(
        List.of(
            "EARSHOT_PLAIN_MQTT=true: without TLS nobody can show a certificate (fix: leave it out)"),
        problems(
            Map.of(
                "EARSHOT_DEVICE_AUTH", "certificate",
                "EARSHOT_PLAIN_MQTT", "true",
                "EARSHOT_TLS_CERTIFICATE", "chain.pem",
                "EARSHOT_TLS_KEY", "key.pem",
                "EARSHOT_DEVICE_CA", "ca.pem")));
    assertEquals(
        List.of(
            "EARSHOT_DRAIN_SPREAD: PT30S (expected: less than EARSHOT_DRAIN_TIMEOUT, which is"
                + " PT20S)"),
        problems(
            Map.of(
                "EARSHOT_DEVICE_AUTH", "development",
                "EARSHOT_DRAIN_SPREAD", "PT30S",
                "EARSHOT_DRAIN_TIMEOUT", "PT20S")));
    assertEquals(List.of(), problems(Map.of("EARSHOT_DEVICE_AUTH", "development")));
  }

  private static List<String> problems(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    GatewayConfig config = GatewayConfig.from(settings);
    settings.finish("gateway");
    return config.problems();
  }

  @Test
  void credentialsInALog_showNoPassword() {
    assertEquals(
        "Credentials[client id 'c', user name 'home/a', password given, certificate absent]",
        new Credentials("c", "home/a", "s3cret", null).toString());
  }

  private static int run(Map<String, String> environment) {
    return ServiceProcess.start("gateway", environment, GatewayConfig::from, Gateway::start);
  }
}

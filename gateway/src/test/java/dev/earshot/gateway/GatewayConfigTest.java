package dev.earshot.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.identity.Credentials;
import dev.earshot.gateway.identity.DeviceAuth;
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
    assertEquals(DeviceAuth.DEVELOPMENT, config.deviceAuth());
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
            "EARSHOT_DEVICE_AUTH: 'none' (expected: development)",
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
  void credentialsInALog_showNoPassword() {
    assertEquals(
        "Credentials[client id 'c', user name 'home/a', password given]",
        new Credentials("c", "home/a", "s3cret").toString());
  }

  private static int run(Map<String, String> environment) {
    return ServiceProcess.start("gateway", environment, GatewayConfig::from, Gateway::start);
  }
}

package dev.earshot.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void manyWrongSettings_areReportedAtOnceWithTheFix() {
    Settings settings =
        Settings.of(
            Map.of(
                "EARSHOT_MQTT_PORT", "70000",
                "EARSHOT_KAFKAA", "broker:9092",
                "EARSHOT_REGISTRY_URL", "registry",
                "PATH", "/bin"));
    settings.port("EARSHOT_MQTT_PORT", 1883);
    settings.text("EARSHOT_KAFKA", "localhost:19092");
    settings.url("EARSHOT_REGISTRY_URL", java.net.URI.create("http://localhost:7081"));
    settings.requiredText("EARSHOT_NAME");

    InvalidSettings invalid = assertThrows(InvalidSettings.class, () -> settings.finish("gateway"));

    assertEquals(
        List.of(
            "EARSHOT_MQTT_PORT: '70000' (expected: a whole number from 0 to 65535)",
            "EARSHOT_REGISTRY_URL: 'registry' (expected: an absolute URL such as http://registry:7081)",
            "EARSHOT_NAME: missing",
            "EARSHOT_KAFKAA: unknown (did you mean EARSHOT_KAFKA?)"),
        invalid.errors());
  }

  @Test
  void secret_isNeverInTheMessage() {
    Settings settings = Settings.of(Map.of("EARSHOT_ADMIN_TOKEN", "s3cr3t", "EARSHOT_X", "1"));
    settings.secret("EARSHOT_ADMIN_TOKEN");
    InvalidSettings invalid = assertThrows(InvalidSettings.class, () -> settings.finish("rollout"));
    assertEquals(List.of("EARSHOT_X: unknown"), invalid.errors());
  }
}

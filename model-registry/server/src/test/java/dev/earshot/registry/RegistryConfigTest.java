package dev.earshot.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
  @Test
  void defaults_areThoseOfOneMachine() {
    RegistryConfig config = read(Map.of());
    assertEquals(7081, config.port());
    assertEquals("localhost:19092", config.kafka());
    assertEquals(RegistryConfig.Trust.NONE, config.trust());
    assertEquals("", config.adminToken());
  }

  @Test
  void everySetting_isRead() {
    RegistryConfig config =
        read(
            Map.of(
                "EARSHOT_HTTP_HOST", "127.0.0.1",
                "EARSHOT_HTTP_PORT", "0",
                "EARSHOT_KAFKA", "kafka:9092",
                "EARSHOT_REPLICATION", "3",
                "EARSHOT_BLOB_DIR", "/data/blobs",
                "EARSHOT_LONGEST_BLOB", "1048576",
                "EARSHOT_ADMIN_TOKEN", "hush",
                "EARSHOT_TRUST_DIR", "/etc/trust",
                "EARSHOT_TRUST_KEY", "/run/new.key, /run/old.key",
                "EARSHOT_TRUST_PASSPHRASE_FILE", "/run/pass"));
    assertEquals(
        new RegistryConfig(
            "127.0.0.1",
            0,
            "kafka:9092",
            3,
            Path.of("/data/blobs"),
            1 << 20,
            "hush",
            new RegistryConfig.Trust(
                Optional.of(Path.of("/etc/trust")),
                List.of(Path.of("/run/new.key"), Path.of("/run/old.key")),
                Optional.of(Path.of("/run/pass")))),
        config);
    assertFalse(config.toString().contains("hush"));
  }

  @Test
  void wrongSettings_areToldTogether() {
    InvalidSettings refused =
        assertThrows(
            InvalidSettings.class,
            () ->
                read(
                    Map.of(
                        "EARSHOT_HTTP_PORT", "x",
                        "EARSHOT_LONGEST_BLOB", "0",
                        "EARSHOT_BLOBDIR", "/data")));
    assertEquals(3, refused.errors().size(), String.valueOf(refused.getMessage()));
    assertEquals(
        "EARSHOT_BLOBDIR: unknown (did you mean EARSHOT_BLOB_DIR?)", refused.errors().getLast());
  }

  private static RegistryConfig read(Map<String, String> values) {
    Settings settings = Settings.of(values);
    RegistryConfig config = RegistryConfig.from(settings);
    settings.finish("registry");
    return config;
  }
}

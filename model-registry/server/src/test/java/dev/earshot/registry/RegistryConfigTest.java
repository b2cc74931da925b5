package dev.earshot.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
  private static final String KEY = TestRelease.KEY.publicKey().hex();

  @Test
  void defaults_areThoseOfOneMachine() {
    RegistryConfig config = read(Map.of());
    assertEquals(7081, config.port());
    assertEquals("localhost:19092", config.kafka());
    assertEquals(List.of(), config.publisherKeys());
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
                "EARSHOT_PUBLISHER_KEYS", KEY + ", " + KEY));
    assertEquals(
        new RegistryConfig(
            "127.0.0.1",
            0,
            "kafka:9092",
            3,
            Path.of("/data/blobs"),
            1 << 20,
            "hush",
            List.of(TestRelease.KEY.publicKey(), TestRelease.KEY.publicKey())),
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
                        "EARSHOT_PUBLISHER_KEYS", "abc",
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

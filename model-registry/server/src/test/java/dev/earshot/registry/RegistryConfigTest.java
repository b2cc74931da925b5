package dev.earshot.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.registry.storage.S3Settings;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
            StorageConfig.local(Path.of("/data/blobs")),
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
  void bucket_isRead() {
    StorageConfig storage =
        read(Map.of(
                "EARSHOT_BLOB_STORE", "s3://models/earshot/",
                "EARSHOT_S3_ENDPOINT", "http://minio:9000",
                "EARSHOT_S3_REGION", "eu-central-1",
                "EARSHOT_GC_INTERVAL", "PT0S",
                "EARSHOT_GC_GRACE", "PT48H"))
            .storage();
    S3Settings bucket = storage.bucket().orElseThrow();
    assertEquals("models", bucket.bucket());
    assertEquals("earshot", bucket.prefix());
    assertEquals(Optional.of(URI.create("http://minio:9000")), bucket.endpoint());
    assertEquals("eu-central-1", bucket.region());
    assertTrue(bucket.pathStyle(), "a store of one's own rarely has host names for buckets");
    assertEquals(Duration.ZERO, storage.gcInterval());
    assertEquals(Duration.ofHours(48), storage.gcGrace());
    assertFalse(
        read(Map.of("EARSHOT_BLOB_STORE", "s3://models"))
            .storage()
            .bucket()
            .orElseThrow()
            .pathStyle());
  }

  @Test
  void wrongStorage_isToldWithWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "EARSHOT_BLOB_STORE", "http://models",
            "EARSHOT_S3_ENDPOINT", "minio",
            "EARSHOT_S3_PATH_STYLE", "maybe",
            "EARSHOT_GC_GRACE", "PT1S",
            "EARSHOT_GC_INTERVAL", "-PT1S");
    InvalidSettings refused = assertThrows(InvalidSettings.class, () -> read(wrong));
    assertEquals(wrong.size(), refused.errors().size(), String.valueOf(refused.getMessage()));
    for (String key : wrong.keySet()) {
      assertTrue(refused.errors().stream().anyMatch(error -> error.startsWith(key + ": '")), key);
    }
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

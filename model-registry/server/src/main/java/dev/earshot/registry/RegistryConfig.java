package dev.earshot.registry;

import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.service.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * What a registry is told at start.
 *
 * @param host address that it listens on
 * @param port TCP port; 0 means any free one
 * @param kafka bootstrap servers
 * @param replication of the release topic, should it have to be created
 * @param storage where blobs are kept
 * @param longestBlob largest blob that is taken, in bytes
 * @param adminToken bearer token for publishing; empty refuses all publishing
 * @param publisherKeys whose signatures count; empty refuses all releases
 */
public record RegistryConfig(
    String host,
    int port,
    String kafka,
    int replication,
    StorageConfig storage,
    int longestBlob,
    String adminToken,
    List<SigningKey.Public> publisherKeys) {

  /** What the manifest can name at most, 16 MiB. */
  public static final int LONGEST_BLOB = 16 << 20;

  public static final int DEFAULT_PORT = 7081;

  public RegistryConfig {
    publisherKeys = List.copyOf(publisherKeys);
    if (longestBlob < 1 || longestBlob > LONGEST_BLOB) {
      throw new IllegalArgumentException(
          "longestBlob: " + longestBlob + " (expected: 1 to " + LONGEST_BLOB + ")");
    }
  }

  /** Reads {@code EARSHOT_*}; the caller ends with {@link Settings#finish}. */
  public static RegistryConfig from(Settings settings) {
    return new RegistryConfig(
        settings.text("EARSHOT_HTTP_HOST", "0.0.0.0"),
        settings.port("EARSHOT_HTTP_PORT", DEFAULT_PORT),
        settings.text("EARSHOT_KAFKA", "localhost:19092"),
        settings.integer("EARSHOT_REPLICATION", 1, 1, 9),
        StorageConfig.from(settings),
        settings.integer("EARSHOT_LONGEST_BLOB", LONGEST_BLOB, 1, LONGEST_BLOB),
        settings.secret("EARSHOT_ADMIN_TOKEN"),
        settings.parsed(
            "EARSHOT_PUBLISHER_KEYS",
            List.of(),
            RegistryConfig::keys,
            "public keys of 64 hex digits each, separated by commas"));
  }

  private static List<SigningKey.Public> keys(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .map(SigningKey.Public::new)
        .toList();
  }

  /** Shows everything except the token. */
  @Override
  public String toString() {
    return "RegistryConfig[host=%s, port=%d, kafka=%s, replication=%d, storage=%s, longestBlob=%d, publisherKeys=%d]"
        .formatted(host, port, kafka, replication, storage, longestBlob, publisherKeys.size());
  }
}

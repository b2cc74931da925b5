package dev.earshot.registry;

import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
 * @param trust where trust begins, and the online key
 */
public record RegistryConfig(
    String host,
    int port,
    String kafka,
    int replication,
    StorageConfig storage,
    int longestBlob,
    String adminToken,
    Trust trust) {

  /**
   * What the registry is given of the trust chain.
   *
   * @param directory with the pinned roots; without it no release is accepted
   * @param keys files of the online key that signs snapshots and timestamps; the old one and the
   *     new one while it is replaced
   * @param passphraseFile opens these, when they are encrypted
   */
  public record Trust(Optional<Path> directory, List<Path> keys, Optional<Path> passphraseFile) {
    /** None: nothing is accepted. */
    public static final Trust NONE = new Trust(Optional.empty(), List.of(), Optional.empty());

    public Trust {
      keys = List.copyOf(keys);
    }

    /** A trust folder and one unencrypted key. */
    public static Trust of(Path directory, Path key) {
      return new Trust(Optional.of(directory), List.of(key), Optional.empty());
    }
  }

  /** What the manifest can name at most, 16 MiB. */
  public static final int LONGEST_BLOB = 16 << 20;

  public static final int DEFAULT_PORT = 7081;

  public RegistryConfig {
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
        new Trust(
            file(settings, "EARSHOT_TRUST_DIR"),
            settings.parsed(
                "EARSHOT_TRUST_KEY",
                List.of(),
                RegistryConfig::files,
                "key files, separated by commas"),
            file(settings, "EARSHOT_TRUST_PASSPHRASE_FILE")));
  }

  private static Optional<Path> file(Settings settings, String key) {
    return settings.parsed(key, Optional.empty(), text -> Optional.of(Path.of(text)), "a path");
  }

  private static List<Path> files(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(Path::of).toList();
  }

  /** Shows everything except the token. */
  @Override
  public String toString() {
    return "RegistryConfig[host=%s, port=%d, kafka=%s, replication=%d, storage=%s, longestBlob=%d, trust=%s]"
        .formatted(host, port, kafka, replication, storage, longestBlob, trust);
  }
}

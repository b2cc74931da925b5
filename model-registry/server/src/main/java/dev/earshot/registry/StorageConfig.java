package dev.earshot.registry;

import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.storage.S3ObjectStore;
import dev.earshot.registry.storage.S3Settings;
import dev.earshot.service.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * Where blobs lie, and when garbage is collected.
 *
 * @param directory of the blobs; registries of one system share it. With a bucket: of unfinished
 *     uploads only, each registry its own
 * @param bucket instead of the directory
 * @param gcInterval between two collections; zero means only when an operator asks
 * @param gcGrace how long a blob is safe that nothing refers to, at least {@link #LEAST_GRACE}
 */
public record StorageConfig(
    Path directory, Optional<S3Settings> bucket, Duration gcInterval, Duration gcGrace) {
  public static final Duration DEFAULT_INTERVAL = Duration.ofHours(6);
  public static final Duration DEFAULT_GRACE = Duration.ofHours(24);

  /** A push or a publication must be over within it. */
  public static final Duration LEAST_GRACE = Duration.ofMinutes(10);

  private static final String ANY_REGION = "us-east-1";

  public StorageConfig {
    if (gcInterval.isNegative()) {
      throw new IllegalArgumentException(
          "gcInterval: " + gcInterval + " (expected: at least PT0S)");
    }
    if (gcGrace.compareTo(LEAST_GRACE) < 0) {
      throw new IllegalArgumentException(
          "gcGrace: " + gcGrace + " (expected: at least " + LEAST_GRACE + ")");
    }
  }

  /** A local directory, with everything else as usual. */
  public static StorageConfig local(Path directory) {
    return new StorageConfig(directory, Optional.empty(), DEFAULT_INTERVAL, DEFAULT_GRACE);
  }

  static StorageConfig from(Settings settings) {
    Optional<URI> endpoint =
        Optional.of(settings.url("EARSHOT_S3_ENDPOINT", URI.create("")))
            .filter(uri -> !uri.toString().isEmpty());
    String region =
        settings.text(
            "EARSHOT_S3_REGION", SdkSystemSetting.AWS_REGION.getStringValue().orElse(ANY_REGION));
    boolean pathStyle =
        settings.parsed(
            "EARSHOT_S3_PATH_STYLE", endpoint.isPresent(), StorageConfig::yesOrNo, "true or false");
    return new StorageConfig(
        settings.path("EARSHOT_BLOB_DIR", Path.of("/var/lib/earshot/blobs")),
        settings.parsed(
            "EARSHOT_BLOB_STORE",
            Optional.empty(),
            text -> Optional.of(S3Settings.parse(text, endpoint, region, pathStyle)),
            "s3://BUCKET or s3://BUCKET/PREFIX; without it blobs lie in EARSHOT_BLOB_DIR"),
        settings.parsed(
            "EARSHOT_GC_INTERVAL",
            DEFAULT_INTERVAL,
            text -> atLeast(Duration.ZERO, text),
            "a duration of at least PT0S, such as PT6H"),
        settings.parsed(
            "EARSHOT_GC_GRACE",
            DEFAULT_GRACE,
            text -> atLeast(LEAST_GRACE, text),
            "a duration of at least " + LEAST_GRACE + ", such as PT24H"));
  }

  private static boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Duration atLeast(Duration least, String text) {
    Duration duration = Duration.parse(text);
    if (duration.compareTo(least) < 0) {
      throw new IllegalArgumentException("too short");
    }
    return duration;
  }

  /** Opens what is configured. */
  BlobStore open(long longest) throws IOException {
    return bucket.isPresent()
        ? BlobStore.open(S3ObjectStore.open(bucket.get()), directory, longest)
        : BlobStore.open(directory, longest);
  }
}

package dev.earshot.registry.storage;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bucket, and how to reach it. Credentials are not here: they come from where AWS tools look
 * for them (environment, files, the machine's role).
 *
 * @param bucket its name
 * @param prefix what keys begin with there, without slashes at its ends; may be empty
 * @param endpoint of a store other than Amazon's
 * @param region that requests are signed for; a store of one's own usually takes any
 * @param pathStyle whether the bucket is named in the path, not in the host name
 */
public record S3Settings(
    String bucket, String prefix, Optional<URI> endpoint, String region, boolean pathStyle) {
  private static final Pattern LOCATION =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?");

  public S3Settings {
    if (region.isBlank()) {
      throw new IllegalArgumentException("region: empty (expected: such as eu-central-1)");
    }
    ObjectKey.requirePrefix(prefix);
  }

  /**
   * Reads {@code s3://BUCKET} or {@code s3://BUCKET/PREFIX}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static S3Settings parse(
      String location, Optional<URI> endpoint, String region, boolean pathStyle) {
    Matcher matcher = LOCATION.matcher(location);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "location: '" + location + "' (expected: s3://BUCKET or s3://BUCKET/PREFIX)");
    }
    String prefix = matcher.group(2) == null ? "" : matcher.group(2);
    return new S3Settings(
        matcher.group(1),
        prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix,
        endpoint,
        region,
        pathStyle);
  }

  /** What stands before every key in the bucket. */
  String before() {
    return prefix.isEmpty() ? "" : prefix + "/";
  }

  /** As a person writes it. */
  String location() {
    return "s3://" + bucket + "/" + before();
  }

  /** Where it is looked for. */
  String where() {
    return endpoint.map(URI::toString).orElse("Amazon S3, " + region);
  }
}

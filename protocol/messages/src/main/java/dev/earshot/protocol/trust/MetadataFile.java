package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file of signed metadata, as clients ask for it: {@code 3.root.json}, {@code
 * timestamp.json}, {@code 12.hey-nova.json}.
 *
 * @param role {@code root}, {@code targets}, {@code snapshot}, {@code timestamp} or a delegated
 *     role
 * @param version that the name says; 0 for the timestamp, whose name never changes
 */
public record MetadataFile(String role, long version) {
  private static final Pattern VERSIONED = Pattern.compile("([1-9]\\d{0,17})\\.(.+)\\.json");
  private static final String ROOT = "root";
  private static final String TARGETS = "targets";
  private static final String SNAPSHOT = "snapshot";
  private static final String TIMESTAMP_ROLE = "timestamp";

  /** The one name without a version. */
  public static final MetadataFile TIMESTAMP = new MetadataFile(TIMESTAMP_ROLE, 0);

  public MetadataFile {
    if (version < 0 || (version == 0) != role.equals(TIMESTAMP_ROLE)) {
      throw new IllegalArgumentException(
          "file: " + role + " version " + version + " (expected: a version from 1)");
    }
    if (!isTopLevel(role)) {
      Targets.Delegation.requireName(role);
    }
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException when no metadata could have it
   */
  public static MetadataFile parse(String name) {
    if (name.equals(TrustedImage.TIMESTAMP)) {
      return TIMESTAMP;
    }
    Matcher matcher = VERSIONED.matcher(name);
    if (!matcher.matches() || matcher.group(2).equals(TIMESTAMP_ROLE)) {
      throw new IllegalArgumentException(
          "file: '"
              + name
              + "' (expected: timestamp.json, or VERSION.ROLE.json such as 3.root.json)");
    }
    return new MetadataFile(matcher.group(2), Long.parseLong(matcher.group(1)));
  }

  /** {@link #parse}, or empty. */
  public static Optional<MetadataFile> find(String name) {
    try {
      return Optional.of(parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The name that content should have. */
  public static MetadataFile of(String role, Metadata metadata) {
    return role.equals(TIMESTAMP_ROLE) ? TIMESTAMP : new MetadataFile(role, metadata.version());
  }

  private static boolean isTopLevel(String role) {
    return role.equals(ROOT)
        || role.equals(TARGETS)
        || role.equals(SNAPSHOT)
        || role.equals(TIMESTAMP_ROLE);
  }

  public boolean isRoot() {
    return role.equals(ROOT);
  }

  public boolean isTargets() {
    return role.equals(TARGETS);
  }

  /** Whether the registry's online key signs this. */
  public boolean isOnline() {
    return role.equals(SNAPSHOT) || role.equals(TIMESTAMP_ROLE);
  }

  /** Whether a publisher signs this. */
  public boolean isDelegated() {
    return !isTopLevel(role);
  }

  /** As clients ask for it. */
  public String name() {
    return version == 0 ? TrustedImage.TIMESTAMP : version + "." + role + ".json";
  }

  /**
   * Reads content that has this name: its type and its version must be those of the name. Who
   * signed it is not checked.
   */
  public Envelope<? extends Metadata> read(byte[] bytes) throws TrustException {
    Envelope<? extends Metadata> read =
        Envelope.parse(name(), bytes, TrustedImage.LONGEST, this::decode);
    if (version != 0 && read.metadata().version() != version) {
      throw new TrustException(
          TrustException.Reason.MALFORMED,
          name() + ": version " + read.metadata().version() + " (expected: " + version + ")");
    }
    return read;
  }

  private Metadata decode(JsonNode signed) {
    return switch (role) {
      case ROOT -> Root.decode(signed);
      case SNAPSHOT -> Snapshot.decode(signed);
      case TIMESTAMP_ROLE -> Timestamp.decode(signed);
      default -> Targets.decode(signed);
    };
  }

  @Override
  public String toString() {
    return name();
  }
}

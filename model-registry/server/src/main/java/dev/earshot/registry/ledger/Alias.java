package dev.earshot.registry.ledger;

import dev.earshot.protocol.release.ReleaseRef;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * A name for "the release of this name that is in use", such as {@code hey-nova@production}.
 *
 * @param key what it is called
 * @param version that it stands for
 * @param changedAt when that was last said, by the fleet's clock
 * @param changedBy who said it
 */
public record Alias(Key key, String version, Instant changedAt, String changedBy) {
  /**
   * What an alias is called.
   *
   * @param name of the release
   * @param alias 1 to 32 of a-z, 0-9 and single hyphens between, beginning with a letter: never a
   *     version
   */
  public record Key(String name, String alias) implements Comparable<Key> {
    private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");
    private static final int LONGEST = 32;

    public Key {
      if (!ALIAS.matcher(alias).matches() || alias.length() > LONGEST) {
        throw new IllegalArgumentException(
            "alias: '"
                + alias
                + "' (expected: at most "
                + LONGEST
                + " of a-z 0-9 with single - between, such as production)");
      }
    }

    @Override
    public int compareTo(Key other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : alias.compareTo(other.alias);
    }

    @Override
    public String toString() {
      return name + "@" + alias;
    }
  }

  public Alias {
    changedAt = changedAt.truncatedTo(ChronoUnit.MILLIS);
    var _ = new ReleaseRef(key.name(), version);
  }

  /** The release that it stands for. */
  public ReleaseRef release() {
    return new ReleaseRef(key.name(), version);
  }
}

package dev.earshot.registry.release;

import dev.earshot.protocol.v1.ReleaseStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Somebody's decision about a release.
 *
 * @param to what it shall be
 * @param reason for people, 1 to 200 characters
 * @param by who decided, 1 to 64 characters
 * @param at when, by the fleet's clock
 */
public record StatusChange(ReleaseStatus to, String reason, String by, Instant at) {
  public static final int LONGEST_REASON = 200;
  public static final int LONGEST_ACTOR = 64;

  public StatusChange {
    require("reason", reason, LONGEST_REASON);
    require("actor", by, LONGEST_ACTOR);
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * @throws IllegalArgumentException when it is not one line of 1 to {@code longest} characters
   */
  static void require(String field, String text, int longest) {
    if (text.isBlank()
        || text.length() > longest
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: one line of 1 to %d characters)"
              .formatted(
                  field,
                  text.length() > longest ? text.length() + " characters" : "'" + text + "'",
                  longest));
    }
  }
}

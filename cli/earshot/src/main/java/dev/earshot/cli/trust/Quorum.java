package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many of how many keys must sign.
 *
 * @param threshold at least 1
 * @param keys at least the threshold, at most 16
 */
record Quorum(int threshold, int keys) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,2})/(\\d{1,2})");
  private static final int MOST_KEYS = 16;

  Quorum {
    if (threshold < 1 || keys < threshold || keys > MOST_KEYS) {
      throw new IllegalArgumentException(
          "%d/%d (expected: M/N, M of N keys, at least 1 and at most %d)"
              .formatted(threshold, keys, MOST_KEYS));
    }
  }

  static Quorum parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new UserError("'" + text + "' (expected: M/N such as 2/3, M of N keys must sign)");
    }
    return new Quorum(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return threshold + " of " + keys;
  }
}

package dev.earshot.protocol.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as people write them: {@code 800B}, {@code 500KB}, {@code 1MB}, {@code 2GB},
 * each a thousand of the one before.
 */
public final class Sizes {
  /** What is understood; published schemas say the same. */
  public static final String PATTERN = "^([0-9]{1,9})(B|KB|MB|GB)$";

  private static final Pattern UNDERSTOOD = Pattern.compile(PATTERN);
  private static final String[] UNITS = {"B", "KB", "MB", "GB"};

  private Sizes() {}

  /**
   * Parses.
   *
   * @return bytes
   * @throws IllegalArgumentException saying what was expected
   */
  public static long parse(String text) {
    Matcher matcher = UNDERSTOOD.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: a number of bytes such as 800B, 500KB, 1MB or 2GB)");
    }
    long bytes = Long.parseLong(matcher.group(1));
    for (String unit : UNITS) {
      if (unit.equals(matcher.group(2))) {
        return bytes;
      }
      bytes *= 1_000;
    }
    throw new IllegalStateException("the pattern knows another unit: " + text);
  }

  /** The shortest form that {@link #parse} reads back exactly. */
  public static String format(long bytes) {
    long amount = bytes;
    int unit = 0;
    while (amount > 0 && amount % 1_000 == 0 && unit < UNITS.length - 1) {
      amount /= 1_000;
      unit++;
    }
    return amount + UNITS[unit];
  }
}

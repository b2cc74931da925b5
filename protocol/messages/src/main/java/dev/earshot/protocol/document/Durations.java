package dev.earshot.protocol.document;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 90s}, {@code 30m}, {@code 6h}, {@code 2d}, or ISO 8601
 * such as {@code PT1H30M}. Never negative.
 */
public final class Durations {
  /** What is understood; published schemas say the same. */
  public static final String PATTERN =
      "^([0-9]{1,9}(ms|s|m|h|d)"
          + "|P(?=[0-9T])([0-9]{1,9}D)?"
          + "(T(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}([.][0-9]{1,9})?S)?)?)$";

  private static final Pattern UNDERSTOOD = Pattern.compile(PATTERN);
  private static final Duration LONGEST_SHORT = Duration.ofDays(999_999_999);

  private Durations() {}

  /**
   * Parses.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Duration parse(String text) {
    if (!UNDERSTOOD.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: a duration such as 90s, 30m, 6h, 2d or PT30M)");
    }
    if (text.startsWith("P")) {
      return Duration.parse(text);
    }
    int unit = text.endsWith("ms") ? text.length() - 2 : text.length() - 1;
    long amount = Long.parseLong(text, 0, unit, 10);
    return switch (text.substring(unit)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** The shortest form that {@link #parse} reads back exactly; ISO 8601 for what has no such. */
  public static String format(Duration duration) {
    boolean hasShort = duration.getNano() % 1_000_000 == 0 && isWithin(duration);
    if (!hasShort) {
      return duration.toString();
    }
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return fits(millis, "ms", duration);
    }
    long seconds = millis / 1_000;
    if (seconds > 0 && seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds > 0 && seconds % 3_600 == 0) {
      return fits(seconds / 3_600, "h", duration);
    }
    return seconds > 0 && seconds % 60 == 0
        ? fits(seconds / 60, "m", duration)
        : fits(seconds, "s", duration);
  }

  private static boolean isWithin(Duration duration) {
    return !duration.isNegative() && duration.compareTo(LONGEST_SHORT) <= 0;
  }

  /** Short forms have at most nine digits. */
  private static String fits(long amount, String unit, Duration duration) {
    return amount <= 999_999_999 ? amount + unit : duration.toString();
  }
}

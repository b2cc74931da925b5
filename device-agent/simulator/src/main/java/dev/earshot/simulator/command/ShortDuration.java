package dev.earshot.simulator.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people type them: {@code 250ms}, {@code 90s}, {@code 15m}, {@code 2h}, {@code 7d}; a
 * bare number is milliseconds, as in other load testers.
 */
final class ShortDuration {
  private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,8})(ms|s|m|h|d|)");

  private ShortDuration() {}

  static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: a number with ms, s, m, h or d, such as 15m)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms", "" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}

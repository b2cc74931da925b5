package dev.earshot.monitoring.health;

import java.time.Duration;
import java.util.HexFormat;

/**
 * A window of time and the labels of what was counted in it. Encoded keys sort by time.
 *
 * @param startMillis Unix ms of the fleet's clock, a multiple of {@link #LENGTH}
 */
public record WindowKey(long startMillis, HealthKey labels) {
  /** How long a window is. */
  public static final Duration LENGTH = Duration.ofMinutes(5);

  private static final int DIGITS = 12;

  /** The window that holds that instant. */
  public static WindowKey at(long millis, HealthKey labels) {
    return new WindowKey(startOf(millis), labels);
  }

  /** When the window that holds that instant began. */
  public static long startOf(long millis) {
    return Math.max(0, millis - Math.floorMod(millis, LENGTH.toMillis()));
  }

  /** Sorts before every key of a window that starts then or later, after every earlier one. */
  public static String lowest(long startMillis) {
    return HexFormat.of().toHexDigits(Math.max(0, startMillis), DIGITS);
  }

  /** The key in the store. */
  public String encode() {
    return lowest(startMillis) + "|" + labels.encode();
  }

  /** Reads back {@link #encode()}. */
  public static WindowKey decode(String text) {
    return new WindowKey(
        HexFormat.fromHexDigitsToLong(text, 0, DIGITS),
        HealthKey.decode(text.substring(DIGITS + 1)));
  }
}

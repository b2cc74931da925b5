package dev.earshot.ndp.chip;

import java.util.Locale;

/**
 * A number from a model, with how far it may be off. Not a measurement.
 *
 * @param value in the unit that the method returning it names
 * @param low lower end of the error bar, 0 to {@code value}
 * @param high upper end of the error bar, at least {@code value}
 * @param basis what it rests on, for people
 */
public record Estimate(double value, double low, double high, String basis) {
  public Estimate {
    if (!(low >= 0 && low <= value && value <= high)) {
      throw new IllegalArgumentException(
          "error bar: " + low + " to " + high + " (expected: around " + value + ", >= 0)");
    }
  }

  /** An error bar of this half width around a value, wide enough to hold some other values, too. */
  static Estimate around(
      double value, double halfWidth, double lowest, double highest, String basis) {
    double down = Math.hypot(halfWidth, Math.max(0, value - lowest));
    double up = Math.hypot(halfWidth, Math.max(0, highest - value));
    return new Estimate(value, Math.max(0, value - down), value + up, basis);
  }

  /** The longer half of the error bar as a share of the value. */
  public double relativeError() {
    return Math.max(high - value, value - low) / value;
  }

  /** Whether a figure lies within the error bar. */
  public boolean covers(double figure) {
    return figure >= low && figure <= high;
  }

  /** The same in another unit, or for a share of the time. */
  Estimate times(double factor) {
    return new Estimate(value * factor, low * factor, high * factor, basis);
  }

  /** For example {@code 31.7 (28.5 to 34.9)}. */
  public String text(int decimals) {
    String format = "%." + decimals + "f";
    return String.format(
        Locale.ROOT, format + " (" + format + " to " + format + ")", value, low, high);
  }
}

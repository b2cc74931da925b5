package dev.earshot.ndp.chip;

import java.util.Locale;

/**
 * A number from a model, with how far it may be off. Not a measurement.
 *
 * @param value in the unit that the method returning it names
 * @param relativeError half width of the error bar as a share of the value, 0 to 1
 * @param basis what it rests on, for people
 */
public record Estimate(double value, double relativeError, String basis) {
  /** For example {@code 31.8 ± 6 %}. */
  public String text(int decimals) {
    return String.format(
        Locale.ROOT, "%." + decimals + "f ± %.0f %%", value, Math.ceil(100 * relativeError));
  }
}

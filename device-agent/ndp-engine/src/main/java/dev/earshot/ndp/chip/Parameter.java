package dev.earshot.ndp.chip;

/**
 * One number of an energy model.
 *
 * @param name such as {@code energy per MAC at 0.9 V}
 * @param value in {@code unit}
 * @param unit such as {@code pJ}
 * @param origin how it came to its value
 * @param remark its source, or what it can't be told apart from
 */
public record Parameter(String name, double value, String unit, Origin origin, String remark) {
  /** How a parameter came to its value. */
  public enum Origin {
    /** So that the published results are met best. */
    FITTED("fitted"),
    /** Taken from elsewhere. */
    FIXED("fixed"),
    /** Only a sum with another parameter is known: the value is a bound. */
    BOUND("at most");

    private final String words;

    Origin(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }
}

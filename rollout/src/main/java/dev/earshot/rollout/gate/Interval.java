package dev.earshot.rollout.gate;

/**
 * A confidence sequence's value at one moment: it covers the truth at all moments of a rollout
 * together with the stated probability.
 *
 * @param low lower end; negative infinity when nothing is known
 * @param high upper end; positive infinity when nothing is known
 */
public record Interval(double low, double high) {
  /** Nothing is known. */
  public static final Interval UNKNOWN =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "interval: [" + low + ", " + high + "] (expected: low <= high)");
    }
  }

  /** Both ends exponentiated: from log rate ratio to rate ratio. */
  public Interval exp() {
    return new Interval(Math.exp(low), Math.exp(high));
  }

  /** Both ends moved by {@code offset}. */
  public Interval plus(double offset) {
    return new Interval(low + offset, high + offset);
  }

  /** Whether {@code value} lies inside or on an end. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}

package dev.earshot.rollout.gate;

/** Sums of exponentials, by logarithms. */
final class LogSums {
  private LogSums() {}

  /**
   * {@code ln(exp a + exp b)} without overflow; an argument of negative infinity counts for
   * nothing.
   */
  static double add(double a, double b) {
    double high = Math.max(a, b);
    return high == Double.NEGATIVE_INFINITY
        ? high
        : high + Math.log1p(Math.exp(Math.min(a, b) - high));
  }
}

package dev.earshot.registry.statistics;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * A two-sided 95 % confidence interval, in the unit of the estimate that it is about. Exact: it
 * holds its level at any sample size, also when nothing was counted. Events count as independent.
 *
 * @param low at most the estimate
 * @param high at least the estimate
 */
public record Interval(double low, double high) {
  private static final double TAIL = 0.025;

  /**
   * Of a Poisson rate. Garwood: Fiducial limits for the Poisson distribution, Biometrika 28 (1936):
   * half the chi-squared quantiles with 2n and 2n + 2 degrees of freedom.
   *
   * @param events counted
   * @param exposure what they were counted over, above 0
   */
  public static Interval ofRate(long events, double exposure) {
    if (!(events >= 0 && exposure > 0)) {
      throw new IllegalArgumentException(
          "events: " + events + " over " + exposure + " (expected: >= 0 over > 0)");
    }
    double low =
        events == 0
            ? 0
            : ChiSquaredDistribution.of(2.0 * events).inverseCumulativeProbability(TAIL) / 2;
    double high = ChiSquaredDistribution.of(2.0 * events + 2).inverseSurvivalProbability(TAIL) / 2;
    return new Interval(low / exposure, high / exposure);
  }

  /**
   * Of a share. Clopper and Pearson: The use of confidence or fiducial limits illustrated in the
   * case of the binomial, Biometrika 26 (1934): quantiles of beta distributions. Of nothing at all:
   * anything from 0 to 1.
   */
  public static Interval ofShare(long hits, long of) {
    if (!(hits >= 0 && hits <= of)) {
      throw new IllegalArgumentException(
          "hits: " + hits + " of " + of + " (expected: between 0 and that)");
    }
    double low =
        hits == 0
            ? 0
            : BetaDistribution.of((double) hits, of - hits + 1.0)
                .inverseCumulativeProbability(TAIL);
    double high =
        hits == of
            ? 1
            : BetaDistribution.of(hits + 1.0, (double) (of - hits))
                .inverseSurvivalProbability(TAIL);
    return new Interval(low, high);
  }
}

package dev.earshot.cli.fleet;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Two-sided 95 % intervals that hold their level at any sample size, rare events included. They
 * treat events as independent; a few devices in a bad spot make the truth wider.
 */
final class ExactIntervals {
  private static final double TAIL = 0.025;

  private ExactIntervals() {}

  /**
   * Events for each hour, of a Poisson count. Garwood: Fiducial limits for the Poisson
   * distribution, Biometrika 28 (1936): half the chi-squared quantiles with 2n and 2n + 2 degrees
   * of freedom.
   */
  static Reading ratePerHour(long events, double hours) {
    if (!(events >= 0 && hours >= 0)) {
      throw new IllegalArgumentException(
          "events: " + events + " in " + hours + " hours (expected: both >= 0)");
    }
    if (hours == 0) {
      return Reading.bounded(0, Double.POSITIVE_INFINITY);
    }
    double low =
        events == 0
            ? 0
            : ChiSquaredDistribution.of(2.0 * events).inverseCumulativeProbability(TAIL) / 2;
    double high =
        ChiSquaredDistribution.of(2.0 * events + 2).inverseSurvivalProbability(TAIL) / 2;
    return Reading.estimated(events / hours, low / hours, high / hours);
  }

  /**
   * A share, of a binomial count. Clopper and Pearson: The use of confidence or fiducial limits
   * illustrated in the case of the binomial, Biometrika 26 (1934): quantiles of beta distributions.
   */
  static Reading share(long hits, long of) {
    if (!(hits >= 0 && hits <= of)) {
      throw new IllegalArgumentException(
          "hits: " + hits + " of " + of + " (expected: between 0 and that)");
    }
    if (of == 0) {
      return Reading.bounded(0, 1);
    }
    double low =
        hits == 0
            ? 0
            : BetaDistribution.of(hits, of - hits + 1.0).inverseCumulativeProbability(TAIL);
    double high =
        hits == of
            ? 1
            : BetaDistribution.of(hits + 1.0, of - hits).inverseSurvivalProbability(TAIL);
    return Reading.estimated((double) hits / of, low, high);
  }
}

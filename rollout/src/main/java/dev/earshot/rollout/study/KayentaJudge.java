package dev.earshot.rollout.study;

/**
 * The canary judge of Spinnaker's Kayenta (NetflixACAJudge, MannWhitneyClassifier) for a metric
 * that must not increase: a sample is High when the lower confidence limit of its shift against
 * control exceeds a quarter of the estimated shift, limit and estimate (Hodges and Lehmann) both
 * found by inverting the {@link MannWhitney} test. The limit exceeds d just when the test of a
 * shift by d is above its critical value, so no limit has to be computed. Not thread-safe.
 */
final class KayentaJudge {
  private static final double TOLERANCE = 0.25;

  /** Smaller than any difference between two values that are not the same. */
  private static final double HARDLY = 1e-9;

  private final double critical;
  private double lastEstimate;

  /**
   * A judge for one pair of growing samples.
   *
   * @param critical normal quantile of one side: 2.326 for Kayenta's two-sided 98 %
   */
  KayentaJudge(double critical) {
    this.critical = critical;
  }

  /** Whether {@code t} is classified as High. */
  boolean high(SortedSample t, SortedSample c) {
    // Where most pairs are tied the estimate is zero, and so is the limit.
    if (MannWhitney.z(t, c, 0) <= critical || MannWhitney.z(t, c, HARDLY) <= 0) {
      return false;
    }
    // The estimate lies where z changes its sign, as a rule near that of the look before. It is
    // narrowed down only until both ends of its bracket agree.
    double low = HARDLY;
    double high = t.get(t.size() - 1) - c.get(0);
    double middle = 0.95 * lastEstimate;
    for (int i = 0; i < 80; i++) {
      if (!(middle > low && middle < high)) {
        middle = (low + high) / 2;
      }
      if (MannWhitney.z(t, c, middle) > 0) {
        low = middle;
        if (MannWhitney.z(t, c, TOLERANCE * low) <= critical) {
          lastEstimate = low / 0.95;
          return false;
        }
      } else {
        high = middle;
        if (MannWhitney.z(t, c, TOLERANCE * high) > critical) {
          return true;
        }
      }
      lastEstimate = low;
      middle = i == 0 ? 1.1 * lastEstimate : 0;
    }
    return false;
  }
}

package dev.earshot.rollout.gate;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Are updates failing more often than they may? There is no control arm for failed updates, so the
 * failure share is compared with a fixed {@code p0}: a one-sample e-process against p &lt;= p0, the
 * likelihood ratio averaged over a Beta(a, b) prior truncated to (p0, 1).
 *
 * <pre>
 * ln e = ln B(a+x, b+n-x) + ln SF(p0; a+x, b+n-x) - ln B(a, b) - ln SF(p0; a, b)
 *        - x ln p0 - (n-x) ln(1-p0)
 * </pre>
 *
 * SF is the survival function of the beta distribution. Exact: at p0 a martingale of mean one,
 * below it a supermartingale, because each likelihood ratio with p &gt; p0 is one (method of
 * mixtures; Robbins 1970). Depends on the two counts only, not on the order of results.
 *
 * @param p0 share of failures that is still acceptable, between 0 and 1 exclusive
 * @param a first parameter of the prior, above 0
 * @param b second parameter of the prior, above 0
 */
public record BinomialGate(double p0, double a, double b) {
  public BinomialGate {
    Checks.between("p0", p0, 0, 1);
    Checks.positive("a", a);
    Checks.positive("b", b);
  }

  /**
   * With a Beta(1, 5) prior: at p0 = 2 % and alpha = 0.1 % a release that fails on a third of the
   * devices is stopped after a dozen, one that fails on 4 % after some 1,200. (A uniform prior
   * needs 1,400 for the latter and the same dozen; steeper ones gain little more and lose on gross
   * failures.)
   */
  public BinomialGate(double p0) {
    this(p0, 1, 5);
  }

  /**
   * ln e after {@code finished} updates of which {@code failed} did not reach COMMITTED.
   *
   * @param failed at least 0
   * @param finished at least {@code failed}
   */
  public double logE(long failed, long finished) {
    Checks.atLeastZero("failed", failed);
    if (finished < failed) {
      throw new IllegalArgumentException(
          "finished: " + finished + " (expected: at least failed, " + failed + ")");
    }
    if (finished == 0) {
      return 0;
    }
    double succeeded = finished - failed;
    return LogBeta.value(a + failed, b + succeeded)
        + LogBetas.logSurvival(p0, a + failed, b + succeeded)
        - LogBeta.value(a, b)
        - LogBetas.logSurvival(p0, a, b)
        - failed * Math.log(p0)
        - succeeded * Math.log1p(-p0);
  }
}

package dev.earshot.rollout.gate;

/**
 * The stratified score of one stratum in one block, or the sum of several. With {@code A_a = sum w
 * M}, {@code B_a = sum w n} over arm a,
 *
 * <pre>
 * c = (B_T + B_C) / (A_T + A_C)            events per scaled hour under the null
 * U = B_T - c A_T                          excess events of the treated arm (weighted)
 * A = c A_T A_C / (A_T + A_C)              model information, the slope of U in the log rate ratio
 * V = sum over arms of f_a^2 n_a/(n_a - 1) sum w^2 (n - c M)^2,   f_T = A_C/(A_T + A_C)
 * </pre>
 *
 * V, the empirical variance over devices, is never taken below A: with very unequal arms it
 * collapses when the small arm happens to be quiet, and an unfloored test alarmed in a fifth of
 * harmless rollouts.
 *
 * @param u score, positive when treated devices have more events than control predicts
 * @param a model information, at least 0; 0 when nothing can be compared
 * @param v variance of u, at least {@code a}
 * @param rate c, for {@link StratumRates#finishedRates()} when the block ends; 0 for a sum
 * @param devicesSuffice whether each arm had {@value #MIN_DEVICES} devices, so that the stratum may
 *     speak for itself
 */
public record CountsScore(double u, double a, double v, double rate, boolean devicesSuffice) {
  /** Devices an arm must have before its stratum is tested by itself. */
  public static final int MIN_DEVICES = 20;

  /** Nothing to compare. */
  public static final CountsScore NONE = new CountsScore(0, 0, 0, 0, false);

  public CountsScore {
    Checks.finite("u", u);
    Checks.atLeastZero("a", a);
    Checks.atLeastZero("v", v);
    Checks.atLeastZero("rate", rate);
    if (v < a) {
      throw new IllegalArgumentException("v: " + v + " (expected: at least a, " + a + ")");
    }
  }

  /** The score of one stratum. Fewer than two devices or no exposure in an arm compare nothing. */
  public static CountsScore of(TwoArms arms) {
    Raw raw = Raw.of(arms);
    ArmSums t = arms.treated();
    ArmSums c = arms.control();
    return new CountsScore(
        raw.u,
        raw.a,
        Math.max(raw.v, raw.a),
        raw.rate,
        t.devices() >= MIN_DEVICES && c.devices() >= MIN_DEVICES);
  }

  /** The score over all strata of one block: U, A and V add up, and the floor is put once. */
  static CountsScore pooled(Iterable<TwoArms> strata) {
    double u = 0;
    double a = 0;
    double v = 0;
    for (TwoArms arms : strata) {
      Raw raw = Raw.of(arms);
      u += raw.u;
      a += raw.a;
      v += raw.v;
    }
    return new CountsScore(u, a, Math.max(v, a), 0, true);
  }

  /** Adds a later block: scores, information and variances add up, one test for the whole. */
  public CountsScore plus(CountsScore other) {
    return new CountsScore(
        u + other.u, a + other.a, v + other.v, 0, devicesSuffice || other.devicesSuffice);
  }

  /** A score before the floor on its variance. */
  private record Raw(double u, double a, double v, double rate) {
    static Raw of(TwoArms arms) {
      ArmSums t = arms.treated();
      ArmSums c = arms.control();
      double sumA = t.wM() + c.wM();
      double sumB = t.wn() + c.wn();
      double rate = sumA > 0 ? sumB / sumA : 0;
      if (t.devices() < 2 || c.devices() < 2 || !(t.wM() > 0 && c.wM() > 0)) {
        return new Raw(0, 0, 0, rate);
      }
      double shareT = t.wM() / sumA;
      double shareC = c.wM() / sumA;
      // U = B_T - c A_T, written so that the large common part never enters the difference.
      double u = shareC * t.wn() - shareT * c.wn();
      double a = rate * shareT * c.wM();
      double v =
          shareC * shareC * t.residualSquares(rate) + shareT * shareT * c.residualSquares(rate);
      return new Raw(u, a, v, rate);
    }
  }
}

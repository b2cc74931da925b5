package dev.earshot.rollout.gate;

/**
 * What the {@link PowerGate} found.
 *
 * @param s sum over strata of difference / variance
 * @param j sum over strata of 1 / variance; 0 when no stratum had enough devices
 * @param logE ln e for a higher power of treated devices
 * @param strata how many strata had enough devices
 */
public record PowerEvaluation(double s, double j, double logE, int strata) {
  /** Before any device. */
  public static final PowerEvaluation NONE = new PowerEvaluation(0, 0, 0, 0);

  /** One test over this block and another: scores and information add up. */
  public PowerEvaluation plus(PowerGate gate, PowerEvaluation other) {
    double sumS = s + other.s;
    double sumJ = j + other.j;
    return new PowerEvaluation(
        sumS, sumJ, new NormalMixture(gate.tau()).logE(sumS, sumJ), strata + other.strata);
  }

  /**
   * ln e for "the power of treated devices is below {@code margin} times that of control": the same
   * test in the other direction, from the margin.
   *
   * @param margin ratio that must be excluded, above 1
   */
  public double nonInferiorityLogE(PowerGate gate, double margin) {
    Checks.between("margin", margin, 1, Double.POSITIVE_INFINITY);
    return new NormalMixture(gate.tau()).logE(Math.log(margin) * j - s, j);
  }

  /** Estimated log ratio of mean power, treated over control; NaN without information. */
  public double logRatio() {
    return j > 0 ? s / j : Double.NaN;
  }

  /**
   * Confidence sequence for the log ratio at {@code alpha}, two-sided.
   *
   * @param gate the gate that this came from
   */
  public Interval logRatio(PowerGate gate, double alpha) {
    Checks.between("alpha", alpha, 0, 1);
    if (!(j > 0)) {
      return Interval.UNKNOWN;
    }
    double half = new NormalMixture(gate.tau()).boundary(j, Math.log(2 / alpha)) / j;
    return new Interval(s / j - half, s / j + half);
  }
}

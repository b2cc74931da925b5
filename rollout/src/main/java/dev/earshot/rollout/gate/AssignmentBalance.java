package dev.earshot.rollout.gate;

import java.util.List;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Are the arms what was randomised? Devices that vanish from one arm between assignment and report
 * (sample ratio mismatch) make every other gate meaningless, so a rollout stops when this alarms.
 *
 * <pre>
 * e = [B(kappa p + counts)/B(kappa p)] / product p_i^counts_i
 * </pre>
 *
 * B is the multivariate beta function: the Dirichlet-multinomial probability of the sequence over
 * its probability under the planned shares p. Exact, a martingale of mean one under the plan.
 * Source: Lindon and Malek, "Anytime-valid inference for multinomial count data" (arXiv
 * 2011.03567). Shares that change between stages are tested stage by stage; the ln e add up.
 *
 * @param concentration kappa, prior observations at the planned shares, above 0; the larger, the
 *     smaller the deviations betted on
 */
public record AssignmentBalance(double concentration) {
  /** False alarms allowed for this check, outside the {@link AlphaBudget} of the metrics. */
  public static final double ALPHA = 0.001;

  public AssignmentBalance {
    Checks.positive("concentration", concentration);
  }

  /** Deviations of some 5 % of the devices. */
  public AssignmentBalance() {
    this(100);
  }

  /**
   * ln e of one stage.
   *
   * @param counts devices seen in each arm
   * @param shares planned share of each arm, above 0, adding up to 1
   */
  public double logE(List<Long> counts, List<Double> shares) {
    if (counts.size() != shares.size() || counts.size() < 2) {
      throw new IllegalArgumentException(
          "counts: " + counts.size() + " (expected: one for each of " + shares.size() + " shares)");
    }
    double total = 0;
    double shareSum = 0;
    double logE = 0;
    for (int i = 0; i < counts.size(); i++) {
      double count = Checks.atLeastZero("counts", counts.get(i));
      double share = Checks.between("shares", shares.get(i), 0, 1);
      total += count;
      shareSum += share;
      double prior = concentration * share;
      logE += LogGamma.value(prior + count) - LogGamma.value(prior) - count * Math.log(share);
    }
    if (Math.abs(shareSum - 1) > 1e-9) {
      throw new IllegalArgumentException("shares: sum " + shareSum + " (expected: 1)");
    }
    return logE + LogGamma.value(concentration) - LogGamma.value(concentration + total);
  }
}

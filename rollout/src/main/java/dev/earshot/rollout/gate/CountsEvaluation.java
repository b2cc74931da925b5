package dev.earshot.rollout.gate;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The outcome of a {@link CountsGate}: the evidence over all strata, in each stratum, and combined.
 *
 * <pre>
 * e_C = 1/2 e_pooled + 1/2 mean over strata of e_s
 * </pre>
 *
 * Pooling alone overlooks harm confined to one environment; the mean of the strata alone is slow
 * when all suffer. A mixture of e-values is an e-value. Evidence below its guard enters as e = 1.
 *
 * @param settings the question asked
 * @param pooled all strata together
 * @param strata each stratum, by name; the set should be fixed when the rollout starts, with strata
 *     that have no device yet present and empty, for it fixes the weights of the mean
 * @param totals scores behind the evidence, including earlier blocks
 * @param arms sums of the running block, by stratum
 */
public record CountsEvaluation(
    CountsSettings settings,
    Evidence pooled,
    NavigableMap<String, Evidence> strata,
    BlockTotals totals,
    NavigableMap<String, TwoArms> arms) {

  public CountsEvaluation {
    strata = Collections.unmodifiableNavigableMap(new TreeMap<>(strata));
    arms = Collections.unmodifiableNavigableMap(new TreeMap<>(arms));
  }

  /** The evidence in one stratum, which must be one of {@link #strata}. */
  public Evidence stratum(String name) {
    Evidence evidence = strata.get(name);
    if (evidence == null) {
      throw new IllegalArgumentException(
          "stratum: " + name + " (expected: one of " + strata.keySet() + ")");
    }
    return evidence;
  }

  /** ln e_C. Evidence for harm in some stratum or overall; 0 when there is nothing to go by. */
  public double combinedLogE() {
    if (strata.isEmpty()) {
      return pooled.guardedLogE();
    }
    double sum = Double.NEGATIVE_INFINITY;
    for (Evidence stratum : strata.values()) {
      sum = LogSums.add(sum, stratum.guardedLogE());
    }
    double mean = sum - Math.log(strata.size());
    return LogSums.add(pooled.guardedLogE(), mean) + Math.log(0.5);
  }

  /**
   * The ln e that decides. For harm the combined one. For non-inferiority the pooled one: a mean
   * over strata would let one good environment vouch for the others.
   */
  public double decisiveLogE() {
    return settings.asksNonInferiority() ? pooled.guardedLogE() : combinedLogE();
  }

  /**
   * Confidence sequence for the log rate ratio (treated over control) in {@code evidence}: {@code
   * psi +- s*(J)/J}, where s* is the boundary at alpha/2 on each side. Howard et al. (2021).
   *
   * @param alpha probability of ever missing the truth, between 0 and 1
   */
  public Interval logRateRatio(Evidence evidence, double alpha) {
    Checks.between("alpha", alpha, 0, 1);
    if (!evidence.guard() || !(evidence.j() > 0)) {
      return Interval.UNKNOWN;
    }
    double boundary = new NormalMixture(settings.tau()).boundary(evidence.j(), Math.log(2 / alpha));
    double half = boundary / evidence.j();
    double centre = evidence.psi() + Math.log(settings.theta0());
    return new Interval(centre - half, centre + half);
  }
}

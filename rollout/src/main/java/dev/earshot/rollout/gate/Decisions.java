package dev.earshot.rollout.gate;

import java.util.OptionalDouble;

/**
 * From evidence to verdicts. A verdict speaks of this moment: e-values rise and fall, and a harm
 * alarm once raised stands, so the caller keeps it. Values that are not numbers are refused; they
 * never decide in favour of a release.
 */
public final class Decisions {
  /** Part of a count metric's alpha that the score test spends; the first-event test the rest. */
  public static final double COUNTS_SHARE = 0.8;

  /** Error allowed when a release is promoted: calling it non-inferior at the margin. */
  public static final double NON_INFERIORITY_ALPHA = 0.05;

  private Decisions() {}

  /**
   * Harm alarm of a count metric: {@code e_C >= 1/(0.8 alpha)} or {@code e_F >= 1/(0.2 alpha)}.
   *
   * @param counts evaluation at theta0 = 1
   * @param firstEventLogE {@link FirstEventGate#logE} on the same metric; 0 when it is not run
   * @param alpha the metric's {@link AlphaBudget#alpha}
   */
  public static Verdict harm(CountsEvaluation counts, double firstEventLogE, double alpha) {
    if (counts.settings().asksNonInferiority()) {
      throw new IllegalArgumentException(
          "theta0: " + counts.settings().theta0() + " (expected: 1, harm is asked)");
    }
    Verdict byCounts = harm("counts", counts.decisiveLogE(), COUNTS_SHARE * alpha);
    Verdict byFirst = harm("first-event", firstEventLogE, (1 - COUNTS_SHARE) * alpha);
    boolean onlyFirst = byFirst instanceof Verdict.Harm && !(byCounts instanceof Verdict.Harm);
    return onlyFirst ? byFirst : byCounts;
  }

  /**
   * The verdict of the counts alone, for either question.
   *
   * @param counts evaluation; its theta0 says which question
   * @param budget alpha of a rollout; the threshold for harm is that of false accepts
   */
  public static Verdict countsAlone(CountsEvaluation counts, AlphaBudget budget) {
    return counts.settings().asksNonInferiority()
        ? promotion(counts, NON_INFERIORITY_ALPHA)
        : harm("counts", counts.decisiveLogE(), COUNTS_SHARE * budget.alpha(Metric.FALSE_ACCEPTS));
  }

  /**
   * Harm alarm of a gate with a single test (power, crashes, silence, failed updates).
   *
   * @param test its name, for the evidence
   * @param logE its ln e; a NaN is a fault of the caller
   * @param alpha the metric's {@link AlphaBudget#alpha}
   */
  public static Verdict harm(String test, double logE, double alpha) {
    Checks.between("alpha", alpha, 0, 1);
    if (Double.isNaN(logE)) {
      throw new IllegalArgumentException("logE of " + test + ": NaN (expected: a number)");
    }
    double threshold = -Math.log(alpha);
    return logE >= threshold
        ? new Verdict.Harm(test, logE, threshold)
        : new Verdict.Undecided(test, logE, threshold, OptionalDouble.empty());
  }

  /**
   * May the release go on, by a single test of non-inferiority?
   *
   * @param test its name, for the evidence
   * @param logE its ln e; a NaN is a fault of the caller
   * @param alpha usually {@link #NON_INFERIORITY_ALPHA}
   */
  public static Verdict promotion(String test, double logE, double alpha) {
    return harm(test, logE, alpha) instanceof Verdict.Harm reached
        ? new Verdict.NonInferior(test, reached.logE(), reached.logThreshold())
        : new Verdict.Undecided(test, logE, -Math.log(alpha), OptionalDouble.empty());
  }

  /**
   * May the release go on? Looks at count evidence alone; the minimum soak and the absence of
   * alarms are for the caller to require as well.
   *
   * @param counts evaluation at theta0 = 1 + margin
   * @param alpha usually {@link #NON_INFERIORITY_ALPHA}
   */
  public static Verdict promotion(CountsEvaluation counts, double alpha) {
    if (!counts.settings().asksNonInferiority()) {
      throw new IllegalArgumentException(
          "theta0: " + counts.settings().theta0() + " (expected: 1 + margin, above 1)");
    }
    Checks.between("alpha", alpha, 0, 1);
    double threshold = -Math.log(alpha);
    double logE = counts.decisiveLogE();
    return logE >= threshold
        ? new Verdict.NonInferior("counts", logE, threshold)
        : new Verdict.Undecided(
            "counts", logE, threshold, Planner.missingTreatedExposureHours(counts, alpha));
  }
}

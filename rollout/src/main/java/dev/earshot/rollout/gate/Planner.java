package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/**
 * What a counts gate will be able to see, and when: approximate answers for people who plan, not
 * tests. Formulas: the information of a gamma-Poisson rate ratio with history, against the boundary
 * of {@link NormalMixture}, at 80 % power.
 *
 * @param shape working shape k, above 0
 * @param tau of the mixture, above 0
 */
public record Planner(double shape, double tau) {
  /** Standard normal quantile of 80 % power. */
  private static final double POWER_QUANTILE = 0.84;

  /** Beyond this no rollout is planned: ten years. */
  private static final double MAX_HOURS = 87_660;

  public Planner {
    Checks.positive("shape", shape);
    Checks.positive("tau", tau);
  }

  /** With the working parameters of {@link CountsSettings#harm()}. */
  public Planner() {
    this(CountsSettings.DEFAULT_SHAPE, CountsSettings.DEFAULT_TAU);
  }

  /** J(t): information over all strata after {@code hours} of the stage. */
  public double information(List<StratumPlan> strata, double hours) {
    Checks.atLeastZero("hours", hours);
    return strata.stream().mapToDouble(stratum -> stratum.information(hours, shape)).sum();
  }

  /**
   * The smallest increase that is found with 80 % power after {@code hours}: {@code exp((b(J) +
   * 0.84)/sqrt J) - 1} with b the boundary in units of z. 0.5 means +50 %. Empty when there is no
   * information.
   */
  public OptionalDouble detectableEffect(List<StratumPlan> strata, double hours, double alpha) {
    double j = information(strata, hours);
    return j > 0
        ? OptionalDouble.of(Math.expm1(detectable(j, alpha, POWER_QUANTILE)))
        : OptionalDouble.empty();
  }

  /**
   * Hours until an increase of {@code effect} (or, read for non-inferiority, a margin of it when
   * the release is as good as control) is seen with 80 % power. Empty when these devices would not
   * see it within ten years.
   */
  public OptionalDouble hoursToSee(List<StratumPlan> strata, double effect, double alpha) {
    double logEffect = Math.log1p(Checks.positive("effect", effect));
    return smallest(
        MAX_HOURS,
        hours -> {
          double j = information(strata, hours);
          return j >= Evidence.MIN_INFORMATION && detectable(j, alpha, POWER_QUANTILE) <= logEffect;
        });
  }

  /** The log rate ratio whose score is {@code quantile} standard deviations over the boundary. */
  private double detectable(double j, double alpha, double quantile) {
    Checks.between("alpha", alpha, 0, 1);
    double boundary = new NormalMixture(tau).boundary(j, -Math.log(alpha));
    return (boundary / Math.sqrt(j) + quantile) / Math.sqrt(j);
  }

  /**
   * Exposure hours that treated devices still lack until the expected score crosses the
   * non-inferiority boundary, were the release as good as control from now on. Starts from the
   * evidence gathered so far; information is extrapolated by {@link StratumPlan}. Empty when
   * nothing can be extrapolated yet or these devices will never be enough.
   */
  static OptionalDouble missingTreatedExposureHours(CountsEvaluation counts, double alpha) {
    CountsSettings settings = counts.settings();
    Evidence now = counts.pooled();
    double treatedHours = 0;
    List<StratumPlan> plans = new ArrayList<>();
    for (TwoArms stratum : counts.arms().values()) {
      treatedHours += stratum.treated().exposureHours();
      plans.add(perHourSoFar(stratum));
    }
    Planner planner = new Planner(settings.shape(), settings.tau());
    double planned = planner.information(plans, 1);
    if (!(planned > 0)) {
      return OptionalDouble.empty();
    }
    double drift = Math.log(settings.theta0());
    NormalMixture mixture = new NormalMixture(settings.tau());
    double logThreshold = -Math.log(alpha);
    OptionalDouble times =
        smallest(
            MAX_HOURS,
            growth -> {
              double gained = Math.max(0, planner.information(plans, growth) - planned);
              double j = now.j() + gained;
              return j > 0
                  && now.a() + gained >= Evidence.MIN_INFORMATION
                  && -now.s() + drift * gained >= mixture.boundary(j, logThreshold);
            });
    double soFar = treatedHours;
    return times.stream().map(growth -> Math.max(0, growth - 1) * soFar).findFirst();
  }

  /** The stratum as it ran until now, with the time until now as its hour. */
  private static StratumPlan perHourSoFar(TwoArms arms) {
    ArmSums t = arms.treated();
    ArmSums c = arms.control();
    double exposure = t.exposureHours() + c.exposureHours();
    double devices = (double) t.devices() + c.devices();
    if (!(exposure > 0 && t.devices() > 0)) {
      return new StratumPlan(0, 0, 0, 0, 0);
    }
    double rate = (t.count() + c.count()) / exposure;
    double duty = t.exposureHours() / t.devices();
    double events = rate * duty;
    double history = (t.historyCount() + c.historyCount()) / devices;
    return new StratumPlan(t.devices(), c.devices(), rate, duty, events > 0 ? history / events : 0);
  }

  /** The smallest value up to {@code limit} from which on {@code reached} holds, within 0.1 %. */
  private static OptionalDouble smallest(double limit, DoublePredicate reached) {
    if (!reached.test(limit)) {
      return OptionalDouble.empty();
    }
    double low = 0;
    double high = limit;
    for (int i = 0; i < 200 && high - low > 1e-3 * high; i++) {
      // Halving on a log scale first: answers span minutes to years.
      double middle = low > 0 ? Math.sqrt(low * high) : high / 16;
      if (reached.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return OptionalDouble.of(high);
  }
}

package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.PowerArms;
import dev.earshot.rollout.gate.PowerEvaluation;
import dev.earshot.rollout.gate.PowerGate;
import dev.earshot.rollout.gate.PowerSums;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/** Ways to decide that a release draws more power: our gate and what others do. */
final class PowerRules {
  private PowerRules() {}

  /**
   * A rule under a name.
   *
   * @param name for tables
   * @param decides looks at the fleet as it is now
   */
  record Named(String name, Predicate<PowerFleet> decides) {}

  /** The power gate as it ships. */
  static Named gate(double alpha) {
    return new Named(
        "Earshot, 24 h of history", fleet -> evidence(fleet).logE() >= -Math.log(alpha));
  }

  /** Alarm when the ratio of the arms' mean power exceeds a limit. */
  static Named fixedThreshold(double limit) {
    return new Named(
        "fixed threshold " + limit + "x",
        fleet ->
            DoubleStream.of(fleet.since(true)).sum()
                > limit * DoubleStream.of(fleet.since(false)).sum());
  }

  /** Welch's t-test on the devices' means (at these sizes a z-test), anew at every look. */
  static Named repeatedT(double alpha) {
    double critical = Competitors.quantile(alpha);
    return new Named(
        "t-test at every look",
        fleet -> {
          Moments t = Moments.of(fleet.since(true));
          Moments c = Moments.of(fleet.since(false));
          return t.mean - c.mean > critical * Math.sqrt(t.varianceOfMean + c.varianceOfMean);
        });
  }

  /** Mann-Whitney on the devices' means, anew at every look. */
  static Named mannWhitney(double alpha) {
    double critical = Competitors.quantile(alpha);
    return new Named(
        "Mann-Whitney at every look",
        fleet ->
            MannWhitney.z(
                    SortedSample.of(fleet.since(true)), SortedSample.of(fleet.since(false)), 0)
                > critical);
  }

  /** Kayenta's judge on the devices' means, at every look. */
  static Named kayenta(double alpha) {
    double critical = Competitors.quantile(alpha);
    return new Named(
        "Mann-Whitney (Kayenta's)",
        fleet ->
            new KayentaJudge(critical)
                .high(SortedSample.of(fleet.since(true)), SortedSample.of(fleet.since(false))));
  }

  /** Wald's test of equal power against the true ratio, on the same score with the same history. */
  static Named knowingTheEffect(double ratio, double alpha) {
    double delta = Math.log(ratio);
    return new Named(
        "SPRT knowing the effect, with history",
        fleet -> {
          PowerEvaluation evidence = evidence(fleet);
          return delta * evidence.s() - delta * delta * evidence.j() / 2 >= -Math.log(alpha);
        });
  }

  private static PowerEvaluation evidence(PowerFleet fleet) {
    PowerSums treated = PowerSums.NONE;
    PowerSums control = PowerSums.NONE;
    for (int i = 0; i < fleet.devices(); i++) {
      PowerSums one = PowerSums.of(fleet.before(i), fleet.since(i));
      if (fleet.treated(i)) {
        treated = treated.plus(one);
      } else {
        control = control.plus(one);
      }
    }
    return new PowerGate().evaluate(List.of(new PowerArms(treated, control)));
  }

  private record Moments(double mean, double varianceOfMean) {
    static Moments of(double[] values) {
      double mean = DoubleStream.of(values).sum() / values.length;
      double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
      return new Moments(mean, squares / (values.length - 1) / values.length);
    }
  }
}

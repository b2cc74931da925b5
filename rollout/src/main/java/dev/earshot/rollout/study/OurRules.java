package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.Verdict;

/** The gates of this project, run on simulated rollouts by the code that runs in real ones. */
final class OurRules {
  private OurRules() {}

  /** The harm alarm of a count metric as it ships: counts and first events. */
  static Rule.Named harm(double alpha) {
    return new Rule.Named(
        "Earshot, 24 h of history",
        rollout -> {
          FleetSums sums = new FleetSums(rollout, CountsSettings.harm(), true);
          FirstEvents firstEvents = new FirstEvents(rollout);
          return () -> {
            sums.update();
            return Decisions.harm(sums.evaluate(), firstEvents.update(), alpha)
                instanceof Verdict.Harm;
          };
        });
  }

  /** The counts gate without strata and history. */
  static Rule.Named pooledWithoutHistory(double alpha) {
    return new Rule.Named(
        "pooled score, no history",
        rollout -> {
          FleetSums sums = new FleetSums(rollout, CountsSettings.harm(), false);
          return () -> {
            sums.update();
            return sums.evaluate().pooled().guardedLogE() >= -Math.log(alpha);
          };
        });
  }

  /** The first-event gate alone. */
  static Rule.Named firstEvents(double alpha) {
    return new Rule.Named(
        "first events alone",
        rollout -> {
          FirstEvents firstEvents = new FirstEvents(rollout);
          return () -> firstEvents.update() >= -Math.log(alpha);
        });
  }

  /** Promotion: shown to be within the margin. */
  static Rule.Named nonInferior(double margin, double alpha) {
    return new Rule.Named(
        "non-inferior within " + margin,
        rollout -> {
          FleetSums sums = new FleetSums(rollout, CountsSettings.nonInferiority(margin), true);
          return () -> {
            sums.update();
            return sums.evaluate().decisiveLogE() >= -Math.log(alpha);
          };
        });
  }

  /** Wald's test of equal rates against the true ratio, on the same score with the same history. */
  static Rule.Named knowingTheEffect(double ratio, double alpha) {
    double delta = Math.log(ratio);
    return new Rule.Named(
        "two-sample SPRT knowing the effect, with history",
        rollout -> {
          FleetSums sums = new FleetSums(rollout, CountsSettings.harm(), true);
          return () -> {
            sums.update();
            Evidence pooled = sums.evaluate().pooled();
            return pooled.guard()
                && delta * pooled.s() - delta * delta * pooled.j() / 2 >= -Math.log(alpha);
          };
        });
  }
}

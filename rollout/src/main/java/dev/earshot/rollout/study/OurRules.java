package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.BlockTotals;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.DeviceCounts;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.FirstEventGate;
import dev.earshot.rollout.gate.RateSums;
import dev.earshot.rollout.gate.RiskSet;
import dev.earshot.rollout.gate.StratumRates;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.gate.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The gates of this project, run on simulated rollouts by the code that runs in real ones. */
final class OurRules {
  private OurRules() {}

  /** The harm alarm of a count metric as it ships: counts and first events. */
  static Rule.Named harm(double alpha) {
    return new Rule.Named(
        "Earshot, 24 h of history",
        () -> {
          FirstEvents firstEvents = new FirstEvents();
          return rollout ->
              Decisions.harm(
                      evaluate(rollout, CountsSettings.harm(), true),
                      firstEvents.logE(rollout),
                      alpha)
                  instanceof Verdict.Harm;
        });
  }

  /** The counts gate without strata and history. */
  static Rule.Named pooledWithoutHistory(double alpha) {
    return new Rule.Named(
        "pooled score, no history",
        () ->
            rollout ->
                evaluate(rollout, CountsSettings.harm(), false).pooled().guardedLogE()
                    >= -Math.log(alpha));
  }

  /** The first-event gate alone. */
  static Rule.Named firstEvents(double alpha) {
    return new Rule.Named(
        "first events alone",
        () -> {
          FirstEvents firstEvents = new FirstEvents();
          return rollout -> firstEvents.logE(rollout) >= -Math.log(alpha);
        });
  }

  /** Promotion: shown to be within the margin. */
  static Rule.Named nonInferior(double margin, double alpha) {
    return new Rule.Named(
        "non-inferior within " + margin,
        () ->
            rollout ->
                evaluate(rollout, CountsSettings.nonInferiority(margin), true).decisiveLogE()
                    >= -Math.log(alpha));
  }

  /** Wald's test of equal rates against the true ratio, on the same score with the same history. */
  static Rule.Named knowingTheEffect(double ratio, double alpha) {
    double delta = Math.log(ratio);
    return new Rule.Named(
        "two-sample SPRT knowing the effect, with history",
        () ->
            rollout -> {
              Evidence pooled = evaluate(rollout, CountsSettings.harm(), true).pooled();
              return pooled.guard()
                  && delta * pooled.s() - delta * delta * pooled.j() / 2 >= -Math.log(alpha);
            });
  }

  private static CountsEvaluation evaluate(
      SimulatedRollout rollout, CountsSettings settings, boolean full) {
    int strata = full ? Scenario.ENVIRONMENTS.size() : 1;
    List<List<DeviceCounts>> treated = lists(strata);
    List<List<DeviceCounts>> control = lists(strata);
    for (int i = 0; i < rollout.devices(); i++) {
      DeviceCounts counts =
          new DeviceCounts(
              rollout.exposureHours(i),
              rollout.count(i),
              full ? rollout.priorExposureHours(i) : 0,
              full ? rollout.priorCount(i) : 0);
      int stratum = full ? rollout.environment(i) : 0;
      (rollout.treated(i) ? treated : control).get(stratum).add(counts);
    }
    Map<String, TwoArms> arms = new TreeMap<>();
    for (int s = 0; s < strata; s++) {
      StratumRates rates =
          RateSums.of(treated.get(s)).plus(RateSums.of(control.get(s))).rates(List.of());
      arms.put(
          Scenario.ENVIRONMENTS.get(s).name(),
          new TwoArms(
              ArmSums.of(treated.get(s), true, rates, settings),
              ArmSums.of(control.get(s), false, rates, settings)));
    }
    return CountsGate.evaluate(arms, BlockTotals.NONE, settings);
  }

  private static List<List<DeviceCounts>> lists(int number) {
    List<List<DeviceCounts>> lists = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }

  /** First events of a rollout whose devices all entered at its start. */
  private static final class FirstEvents {
    private final FirstEventGate gate = FirstEventGate.counts();
    private final RiskSet[] atRisk = new RiskSet[Scenario.ENVIRONMENTS.size()];
    private FirstEventGate.Sums sums = gate.none();
    private boolean[] done = new boolean[0];

    double logE(SimulatedRollout rollout) {
      if (done.length == 0) {
        done = new boolean[rollout.devices()];
        Arrays.fill(atRisk, RiskSet.EMPTY);
        for (int i = 0; i < done.length; i++) {
          int stratum = rollout.environment(i);
          atRisk[stratum] = atRisk[stratum].enter(rollout.treated(i));
        }
      }
      for (int i = 0; i < rollout.newEvents(); i++) {
        int device = rollout.newEvent(i);
        if (!done[device]) {
          done[device] = true;
          int stratum = rollout.environment(device);
          boolean treated = rollout.treated(device);
          sums = gate.event(sums, atRisk[stratum], treated);
          atRisk[stratum] = atRisk[stratum].leave(treated);
        }
      }
      return gate.logE(sums);
    }
  }
}

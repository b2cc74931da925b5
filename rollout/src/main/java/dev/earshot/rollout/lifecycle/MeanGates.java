package dev.earshot.rollout.lifecycle;

import static dev.earshot.rollout.lifecycle.GateReport.finite;

import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.evidence.MeanMetric;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Interval;
import dev.earshot.rollout.gate.PowerArms;
import dev.earshot.rollout.gate.PowerEvaluation;
import dev.earshot.rollout.gate.PowerGate;
import dev.earshot.rollout.gate.PowerSums;
import dev.earshot.rollout.gate.Verdict;
import dev.earshot.rollout.lifecycle.GateReport.Arm;
import dev.earshot.rollout.plan.Plan;
import java.util.Collection;
import java.util.List;

/** The gates on device means, on the sums of a rollout's stages. */
final class MeanGates {
  private final Plan plan;
  private final List<StageSums> stages;

  /**
   * The gates.
   *
   * @param stages finished ones first, the running one last
   */
  MeanGates(Plan plan, List<StageSums> stages) {
    this.plan = plan;
    this.stages = stages;
  }

  /** Is more used? */
  GateReport harm(MeanMetric metric) {
    PowerEvaluation means = evaluate(metric);
    Verdict verdict =
        Decisions.harm(
            "means", means.logE(), new AlphaBudget(plan.gates().alpha()).alpha(metric.gate()));
    return report(metric, means, verdict, 1, GateReport.action(plan, metric.gate()));
  }

  /** Is the power higher by less than a margin? */
  GateReport powerMargin(double margin) {
    PowerEvaluation means = evaluate(MeanMetric.POWER);
    Verdict verdict =
        Decisions.promotion(
            "means",
            means.nonInferiorityLogE(new PowerGate(), margin),
            Decisions.NON_INFERIORITY_ALPHA);
    return report(MeanMetric.POWER, means, verdict, margin, GateReport.PROMOTE);
  }

  private GateReport report(
      MeanMetric metric, PowerEvaluation means, Verdict verdict, double limit, String action) {
    Interval interval = means.logRatio(new PowerGate(), GateReport.ALPHA).exp();
    Collection<PowerArms> arms = StageSumsCodec.means(metric, List.of(stages.getLast())).values();
    return new GateReport(
        metric.gate().label(),
        action.equals(GateReport.PROMOTE) ? GateReport.NON_INFERIORITY : GateReport.HARM,
        limit,
        GateReport.word(verdict),
        action,
        verdict.logE(),
        verdict.logThreshold(),
        List.of(GateReport.test(verdict)),
        finite(Math.exp(means.logRatio())),
        finite(interval.low()),
        finite(interval.high()),
        null,
        null,
        arm(metric, arms.stream().map(PowerArms::treated).toList()),
        arm(metric, arms.stream().map(PowerArms::control).toList()),
        List.of());
  }

  /** Scores and information of the stages add up: one test for the whole rollout. */
  private PowerEvaluation evaluate(MeanMetric metric) {
    PowerGate gate = new PowerGate();
    PowerEvaluation total = PowerEvaluation.NONE;
    for (StageSums stage : stages) {
      total =
          total.plus(gate, gate.evaluate(StageSumsCodec.means(metric, List.of(stage)).values()));
    }
    return total;
  }

  private static Arm arm(MeanMetric metric, List<PowerSums> homes) {
    PowerSums sum = PowerSums.NONE;
    for (PowerSums home : homes) {
      sum = sum.plus(home);
    }
    Double mean = finite(Math.exp(sum.sumY() / sum.devices()));
    return new Arm(sum.devices(), null, null, mean, metric.unit());
  }
}

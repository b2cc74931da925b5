package dev.earshot.rollout.lifecycle;

import static dev.earshot.rollout.lifecycle.GateReport.finite;

import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.EventMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.evidence.SumsCodec;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.BlockTotals;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.Interval;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.gate.Verdict;
import dev.earshot.rollout.lifecycle.GateReport.Arm;
import dev.earshot.rollout.lifecycle.GateReport.Stratum;
import dev.earshot.rollout.lifecycle.GateReport.Test;
import dev.earshot.rollout.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The gates on counts over exposure, on the sums of a rollout's stages. */
final class CountGates {
  private final Plan plan;
  private final List<StageSums> finished;
  private final StageSums running;
  private final List<StageSums> all;
  private final double stageHours;
  private final AlphaBudget budget;

  CountGates(Plan plan, List<StageSums> finished, StageSums running, double stageHours) {
    this.plan = plan;
    this.finished = finished;
    this.running = running;
    this.all = Stream.concat(finished.stream(), Stream.of(running)).toList();
    this.stageHours = stageHours;
    this.budget = new AlphaBudget(plan.gates().alpha());
  }

  /** Is the metric worse? */
  GateReport harm(CountMetric metric) {
    Question question = Question.harm(metric);
    CountsEvaluation counts = evaluate(question);
    double alpha = budget.alpha(metric.gate());
    return switch (metric) {
      case FALSE_ACCEPTS -> harm(question, counts, EventMetric.FALSE_ACCEPTS, alpha);
      case FALSE_REJECTS -> harm(question, counts, EventMetric.FALSE_REJECTS, alpha);
      case WAKES -> {
        Verdict verdict = Decisions.harm("counts", counts.decisiveLogE(), alpha);
        yield report(question, counts, verdict, List.of(GateReport.test(verdict)));
      }
    };
  }

  private GateReport harm(
      Question question, CountsEvaluation counts, EventMetric events, double alpha) {
    double firstLogE = events.gate().logE(StageSumsCodec.firsts(events, all).sums());
    List<Test> tests =
        List.of(
            new Test("counts", counts.decisiveLogE(), -Math.log(Decisions.COUNTS_SHARE * alpha)),
            new Test("first-event", firstLogE, -Math.log((1 - Decisions.COUNTS_SHARE) * alpha)));
    return report(question, counts, Decisions.harm(counts, firstLogE, alpha), tests);
  }

  /** Is it worse by less than a margin? */
  GateReport margin(Question question) {
    CountsEvaluation counts = evaluate(question);
    Verdict verdict = Decisions.promotion(counts, Decisions.NON_INFERIORITY_ALPHA);
    return report(question, counts, verdict, List.of(GateReport.test(verdict)));
  }

  private GateReport report(
      Question question, CountsEvaluation counts, Verdict verdict, List<Test> tests) {
    List<Stratum> strata = new ArrayList<>();
    strata.add(stratum(question, counts, GateReport.POOLED, counts.pooled()));
    counts
        .strata()
        .forEach((name, evidence) -> strata.add(stratum(question, counts, name, evidence)));
    Interval interval = interval(question, counts, counts.pooled());
    boolean swapped = question.metric().isLowerWorse();
    Double missing = missing(verdict);
    Arm treated = arm(question.metric(), counts.arms(), !swapped);
    return new GateReport(
        question.metric().gate().label(),
        question.harm() ? GateReport.HARM : GateReport.NON_INFERIORITY,
        question.theta0(),
        GateReport.word(verdict),
        question.harm() ? GateReport.action(plan, question.metric().gate()) : GateReport.PROMOTE,
        verdict.logE(),
        verdict.logThreshold(),
        tests,
        finite(ratio(question, counts.pooled())),
        finite(interval.low()),
        finite(interval.high()),
        missing,
        missingHours(missing, treated.exposure()),
        treated,
        arm(question.metric(), counts.arms(), swapped),
        strata);
  }

  private static Stratum stratum(
      Question question, CountsEvaluation counts, String name, Evidence evidence) {
    return Stratum.of(
        name, evidence, ratio(question, evidence), interval(question, counts, evidence));
  }

  /** Treated over control, also where the arms were weighed in each other's place. */
  private static double ratio(Question question, Evidence evidence) {
    double ratio = Math.exp(evidence.psi() + Math.log(question.theta0()));
    return question.metric().isLowerWorse() ? 1 / ratio : ratio;
  }

  private static Interval interval(Question question, CountsEvaluation counts, Evidence evidence) {
    Interval ratio = counts.logRateRatio(evidence, GateReport.ALPHA).exp();
    return question.metric().isLowerWorse()
        ? new Interval(1 / ratio.high(), 1 / ratio.low())
        : ratio;
  }

  private CountsEvaluation evaluate(Question question) {
    BlockTotals before = BlockTotals.NONE;
    for (StageSums stage : finished) {
      before = CountsGate.evaluate(arms(question, stage), before, question.settings()).totals();
    }
    return CountsGate.evaluate(arms(question, running), before, question.settings());
  }

  private static Map<String, TwoArms> arms(Question question, StageSums stage) {
    Map<String, TwoArms> arms = SumsCodec.read(question, stage.getCountsList());
    if (question.metric().isLowerWorse()) {
      // "Fewer of treated devices" is "more of control devices".
      arms.replaceAll((name, two) -> new TwoArms(two.control(), two.treated()));
    }
    return arms;
  }

  private @Nullable Double missingHours(@Nullable Double missing, @Nullable Double soFar) {
    return missing != null && soFar != null && soFar > 0 && stageHours > 0
        ? finite(missing / soFar * stageHours)
        : null;
  }

  private static Arm arm(CountMetric metric, Map<String, TwoArms> arms, boolean treated) {
    ArmSums sum = ArmSums.NONE;
    for (TwoArms two : arms.values()) {
      sum = sum.plus(treated ? two.treated() : two.control());
    }
    return new Arm(sum.devices(), sum.count(), sum.exposureHours(), null, metric.exposureUnit());
  }

  private static @Nullable Double missing(Verdict verdict) {
    return verdict instanceof Verdict.Undecided undecided
            && undecided.missingTreatedExposureHours().isPresent()
        ? undecided.missingTreatedExposureHours().getAsDouble()
        : null;
  }
}

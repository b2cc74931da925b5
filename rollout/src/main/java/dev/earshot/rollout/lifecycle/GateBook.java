package dev.earshot.rollout.lifecycle;

import static dev.earshot.rollout.lifecycle.GateReport.finite;

import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.EventMetric;
import dev.earshot.rollout.evidence.MeanMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.evidence.StageSumsCodec.Firsts;
import dev.earshot.rollout.evidence.SumsCodec;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.AssignmentBalance;
import dev.earshot.rollout.gate.BinomialGate;
import dev.earshot.rollout.gate.BlockTotals;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Interval;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.PowerArms;
import dev.earshot.rollout.gate.PowerEvaluation;
import dev.earshot.rollout.gate.PowerGate;
import dev.earshot.rollout.gate.PowerSums;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.gate.Verdict;
import dev.earshot.rollout.lifecycle.GateReport.Arm;
import dev.earshot.rollout.lifecycle.GateReport.Stratum;
import dev.earshot.rollout.lifecycle.GateReport.Test;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.stage.Arms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the gates about the sums of a rollout's stages, and says how they stand. A function of the
 * plan and the sums: whoever has both, computes the same.
 */
final class GateBook {
  /** 1 - confidence of the confidence sequences that people are shown. */
  private static final double ALPHA = 0.05;

  private final Plan plan;
  private final List<StageSums> finished;
  private final StageSums running;
  private final List<StageSums> all;
  private final double stageHours;
  private final AlphaBudget budget;

  /**
   * A book.
   *
   * @param finished the stages that are over, in order
   * @param running the sums of the running stage
   * @param stageHours fleet hours since it began; NaN: not known, and nothing is predicted
   */
  GateBook(Plan plan, List<StageSums> finished, StageSums running, double stageHours) {
    this.plan = plan;
    this.finished = List.copyOf(finished);
    this.running = running;
    this.stageHours = stageHours;
    this.budget = new AlphaBudget(plan.gates().alpha());
    this.all = new ArrayList<>(finished);
    all.add(running);
  }

  /** Every gate; {@code running} names the stage, and without one there is nothing to ask. */
  Reading read() {
    List<GateReport> gates = new ArrayList<>();
    if (running.getStage() > 0) {
      for (CountMetric metric : CountMetric.values()) {
        gates.add(countsHarm(metric));
      }
      for (MeanMetric metric : MeanMetric.values()) {
        gates.add(meansHarm(metric));
      }
      gates.add(events(EventMetric.CRASHES));
      gates.add(events(EventMetric.SILENCE));
      gates.add(failures());
      gates.add(balance());
      for (Question margin : Question.margins(plan, running.getStage())) {
        gates.add(countsMargin(margin));
      }
      Double power = plan.stage(running.getStage()).margins().power();
      if (power != null) {
        gates.add(powerMargin(power));
      }
    }
    return new Reading(gates);
  }

  private GateReport countsHarm(CountMetric metric) {
    Question question = Question.harm(metric);
    CountsEvaluation counts = evaluate(question);
    EventMetric events =
        switch (metric) {
          case FALSE_ACCEPTS -> EventMetric.FALSE_ACCEPTS;
          case FALSE_REJECTS -> EventMetric.FALSE_REJECTS;
        };
    double firstLogE = events.gate().logE(StageSumsCodec.firsts(events, all).sums());
    double alpha = budget.alpha(metric.gate());
    List<Test> tests =
        List.of(
            new Test("counts", counts.decisiveLogE(), -Math.log(Decisions.COUNTS_SHARE * alpha)),
            new Test("first-event", firstLogE, -Math.log((1 - Decisions.COUNTS_SHARE) * alpha)));
    return counts(question, counts, Decisions.harm(counts, firstLogE, alpha), tests);
  }

  private GateReport countsMargin(Question question) {
    CountsEvaluation counts = evaluate(question);
    Verdict verdict = Decisions.promotion(counts, Decisions.NON_INFERIORITY_ALPHA);
    return counts(question, counts, verdict, List.of(test(verdict)));
  }

  private GateReport counts(
      Question question, CountsEvaluation counts, Verdict verdict, List<Test> tests) {
    List<Stratum> strata = new ArrayList<>();
    strata.add(Stratum.of(GateReport.POOLED, counts.pooled()));
    counts.strata().forEach((name, evidence) -> strata.add(Stratum.of(name, evidence)));
    Interval interval = counts.logRateRatio(counts.pooled(), ALPHA).exp();
    double centre = counts.pooled().psi() + Math.log(question.theta0());
    Double missing = missing(verdict);
    Arm treated = arm(question.metric(), counts.arms(), true);
    return new GateReport(
        question.metric().gate().label(),
        question.harm() ? GateReport.HARM : GateReport.NON_INFERIORITY,
        question.theta0(),
        word(verdict),
        question.harm() ? action(question.metric().gate()) : GateReport.PROMOTE,
        verdict.logE(),
        verdict.logThreshold(),
        tests,
        finite(Math.exp(centre)),
        finite(interval.low()),
        finite(interval.high()),
        missing,
        missingHours(missing, treated.exposure()),
        treated,
        arm(question.metric(), counts.arms(), false),
        strata);
  }

  private CountsEvaluation evaluate(Question question) {
    BlockTotals before = BlockTotals.NONE;
    for (StageSums stage : finished) {
      before = CountsGate.evaluate(arms(question, stage), before, question.settings()).totals();
    }
    return CountsGate.evaluate(arms(question, running), before, question.settings());
  }

  private static Map<String, TwoArms> arms(Question question, StageSums stage) {
    return SumsCodec.read(question, stage.getCountsList());
  }

  private GateReport meansHarm(MeanMetric metric) {
    PowerEvaluation means = evaluate(metric);
    Verdict verdict = Decisions.harm("means", means.logE(), budget.alpha(metric.gate()));
    return means(metric, means, verdict, 1, action(metric.gate()));
  }

  private GateReport powerMargin(double margin) {
    PowerEvaluation means = evaluate(MeanMetric.POWER);
    Verdict verdict =
        Decisions.promotion(
            "means",
            means.nonInferiorityLogE(new PowerGate(), margin),
            Decisions.NON_INFERIORITY_ALPHA);
    return means(MeanMetric.POWER, means, verdict, margin, GateReport.PROMOTE);
  }

  private GateReport means(
      MeanMetric metric, PowerEvaluation means, Verdict verdict, double limit, String action) {
    Interval interval = means.logRatio(new PowerGate(), ALPHA).exp();
    Collection<PowerArms> arms = StageSumsCodec.means(metric, List.of(running)).values();
    return new GateReport(
        metric.gate().label(),
        action.equals(GateReport.PROMOTE) ? GateReport.NON_INFERIORITY : GateReport.HARM,
        limit,
        word(verdict),
        action,
        verdict.logE(),
        verdict.logThreshold(),
        List.of(test(verdict)),
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
    for (StageSums stage : all) {
      total =
          total.plus(gate, gate.evaluate(StageSumsCodec.means(metric, List.of(stage)).values()));
    }
    return total;
  }

  private GateReport events(EventMetric metric) {
    Firsts firsts = StageSumsCodec.firsts(metric, all);
    Verdict verdict =
        Decisions.harm(
            "first-event", metric.gate().logE(firsts.sums()), budget.alpha(metric.metric()));
    double treated = (double) firsts.treatedEvents() / firsts.treatedDevices();
    double control = (double) firsts.controlEvents() / firsts.controlDevices();
    return harm(
        metric.metric().label(),
        1,
        action(metric.metric()),
        verdict,
        treated / control,
        new Arm(
            firsts.treatedDevices(),
            (double) firsts.treatedEvents(),
            (double) firsts.treatedDevices(),
            null,
            "devices"),
        new Arm(
            firsts.controlDevices(),
            (double) firsts.controlEvents(),
            (double) firsts.controlDevices(),
            null,
            "devices"));
  }

  private GateReport failures() {
    Updates updates = Updates.of(running.getUpdatesList());
    BinomialGate gate = new BinomialGate(plan.gates().maxFailurePercent() / 100);
    Verdict verdict =
        Decisions.harm(
            "binomial",
            gate.logE(updates.bad(), updates.ended()),
            budget.alpha(Metric.FAILED_UPDATES));
    return harm(
        Metric.FAILED_UPDATES.label(),
        gate.p0(),
        action(Metric.FAILED_UPDATES),
        verdict,
        (double) updates.bad() / updates.ended(),
        new Arm(updates.ended(), (double) updates.bad(), (double) updates.ended(), null, "updates"),
        null);
  }

  /** Arms that are not what was randomised say nothing about a release: nobody is sent back. */
  private GateReport balance() {
    double logE = 0;
    double share = Double.NaN;
    for (StageSums stage : all) {
      double planned = drawnShare(stage.getStage());
      if (planned > 0 && planned < 1) {
        share = planned;
        logE +=
            new AssignmentBalance()
                .logE(
                    List.of(stage.getBalance().getTreated(), stage.getBalance().getControl()),
                    List.of(planned, 1 - planned));
      }
    }
    Verdict verdict = Decisions.harm("multinomial", logE, AssignmentBalance.ALPHA);
    long treated = running.getBalance().getTreated();
    long control = running.getBalance().getControl();
    return harm(
        "balance",
        Double.isNaN(share) ? 0 : share,
        GateReport.PAUSE,
        verdict,
        (double) treated / (treated + control),
        new Arm(treated, (double) treated, (double) treated, null, "devices"),
        new Arm(control, (double) control, (double) control, null, "devices"));
  }

  /** The share of those whom no earlier stage has drawn that a stage draws. */
  private double drawnShare(int stage) {
    double before = stage > 1 ? Arms.treatedShare(plan, stage - 1) : 0;
    return (Arms.treatedShare(plan, stage) - before) / (1 - before);
  }

  private static GateReport harm(
      String metric,
      double limit,
      String action,
      Verdict verdict,
      double estimate,
      Arm treated,
      @Nullable Arm control) {
    return new GateReport(
        metric,
        GateReport.HARM,
        limit,
        word(verdict),
        action,
        verdict.logE(),
        verdict.logThreshold(),
        List.of(test(verdict)),
        finite(estimate),
        null,
        null,
        null,
        null,
        treated,
        control,
        List.of());
  }

  private String action(Metric metric) {
    return plan.gates().onHarm(metric) == OnHarm.ROLLBACK ? GateReport.ROLLBACK : GateReport.PAUSE;
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

  private static Arm arm(MeanMetric metric, List<PowerSums> homes) {
    PowerSums sum = PowerSums.NONE;
    for (PowerSums home : homes) {
      sum = sum.plus(home);
    }
    Double mean = finite(Math.exp(sum.sumY() / sum.devices()));
    return new Arm(sum.devices(), null, null, mean, metric.unit());
  }

  private static Test test(Verdict verdict) {
    return new Test(verdict.test(), verdict.logE(), verdict.logThreshold());
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Harm h -> GateReport.HARM;
      case Verdict.NonInferior n -> GateReport.NON_INFERIOR;
      case Verdict.Undecided u -> GateReport.UNDECIDED;
    };
  }

  private static @Nullable Double missing(Verdict verdict) {
    return verdict instanceof Verdict.Undecided undecided
            && undecided.missingTreatedExposureHours().isPresent()
        ? undecided.missingTreatedExposureHours().getAsDouble()
        : null;
  }
}

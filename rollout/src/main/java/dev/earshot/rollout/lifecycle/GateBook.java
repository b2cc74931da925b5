package dev.earshot.rollout.lifecycle;

import static dev.earshot.rollout.lifecycle.GateReport.finite;

import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.EventMetric;
import dev.earshot.rollout.evidence.MeanMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.evidence.StageSumsCodec.Firsts;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.AssignmentBalance;
import dev.earshot.rollout.gate.BinomialGate;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.Verdict;
import dev.earshot.rollout.lifecycle.GateReport.Arm;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.stage.Arms;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the gates about the sums of a rollout's stages, and says how they stand. A function of the
 * plan and the sums: whoever has both, computes the same.
 */
final class GateBook {
  private final Plan plan;
  private final StageSums running;
  private final List<StageSums> all;
  private final CountGates counts;
  private final MeanGates means;
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
    this.running = running;
    this.all = Stream.concat(finished.stream(), Stream.of(running)).toList();
    this.counts = new CountGates(plan, finished, running, stageHours);
    this.means = new MeanGates(plan, all);
    this.budget = new AlphaBudget(plan.gates().alpha());
  }

  /** Every gate; {@code running} names the stage, and without one there is nothing to ask. */
  Reading read() {
    List<GateReport> gates = new ArrayList<>();
    if (running.getStage() > 0) {
      for (CountMetric metric : CountMetric.values()) {
        gates.add(counts.harm(metric));
      }
      for (MeanMetric metric : MeanMetric.values()) {
        gates.add(means.harm(metric));
      }
      gates.add(events(EventMetric.CRASHES));
      gates.add(events(EventMetric.SILENCE));
      gates.add(failures());
      gates.add(balance());
      for (Question margin : Question.margins(plan, running.getStage())) {
        gates.add(counts.margin(margin));
      }
      Double power = plan.stage(running.getStage()).margins().power();
      if (power != null) {
        gates.add(means.powerMargin(power));
      }
    }
    return new Reading(gates);
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
        GateReport.action(plan, metric.metric()),
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
        GateReport.action(plan, Metric.FAILED_UPDATES),
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
        GateReport.word(verdict),
        action,
        verdict.logE(),
        verdict.logThreshold(),
        List.of(GateReport.test(verdict)),
        finite(estimate),
        null,
        null,
        null,
        null,
        treated,
        control,
        List.of());
  }
}

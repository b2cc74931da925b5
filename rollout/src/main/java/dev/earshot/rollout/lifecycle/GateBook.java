package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.StratumRatesMessage;
import dev.earshot.protocol.v1.TestSums;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.SumsCodec;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.BinomialGate;
import dev.earshot.rollout.gate.BlockTotals;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.CountsScore;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.RateSums;
import dev.earshot.rollout.gate.StratumRates;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.gate.Verdict;
import dev.earshot.rollout.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Asks the gates about sums that came from all partitions. */
final class GateBook {
  private final Plan plan;
  private final List<StageSums> finished;

  /**
   * A book.
   *
   * @param finished the stages that are over, in order
   */
  GateBook(Plan plan, List<StageSums> finished) {
    this.plan = plan;
    this.finished = finished;
  }

  /** Every gate, during a stage. */
  Reading read(int stage, Collection<TestSums> sums, Updates updates) {
    AlphaBudget budget = new AlphaBudget(plan.gates().alpha());
    List<GateReport> gates = new ArrayList<>();
    for (CountMetric metric : CountMetric.values()) {
      Question question = Question.harm(metric);
      Map<String, TwoArms> arms = SumsCodec.read(question, sums);
      CountsEvaluation counts = evaluate(question, arms);
      Verdict verdict = Decisions.harm(counts, 0, budget.alpha(metric.gate()));
      gates.add(GateReport.counts(question, arms, counts, verdict));
    }
    Question margin = Question.margin(plan, stage);
    Map<String, TwoArms> arms = SumsCodec.read(margin, sums);
    CountsEvaluation counts = evaluate(margin, arms);
    gates.add(
        GateReport.counts(
            margin, arms, counts, Decisions.promotion(counts, Decisions.NON_INFERIORITY_ALPHA)));
    gates.add(failures(updates, budget));
    return new Reading(gates);
  }

  /** The stage's sums for keeping, one for each question and environment. */
  static List<TestSums> compact(Plan plan, int stage, Collection<TestSums> sums) {
    List<TestSums> compact = new ArrayList<>();
    for (Question question : Question.during(plan, stage)) {
      Map<String, TwoArms> arms = SumsCodec.read(question, sums);
      for (Environment environment : Labels.environments()) {
        compact.add(
            SumsCodec.write(
                question, environment, arms.getOrDefault(Labels.of(environment), TwoArms.NONE)));
      }
    }
    return compact;
  }

  /**
   * The rates that partitions shall weigh their devices with.
   *
   * @param before the rates so far; kept where nothing new is known
   */
  List<StratumRatesMessage> rates(
      int stage, Collection<RateSumsMessage> sums, List<StratumRatesMessage> before) {
    List<StratumRatesMessage> rates = new ArrayList<>();
    for (CountMetric metric : CountMetric.values()) {
      for (Environment environment : Labels.environments()) {
        rates.add(rates(stage, metric, environment, sums, before));
      }
    }
    return rates;
  }

  private StratumRatesMessage rates(
      int stage,
      CountMetric metric,
      Environment environment,
      Collection<RateSumsMessage> sums,
      List<StratumRatesMessage> before) {
    RateSums sum = RateSums.NONE;
    for (RateSumsMessage part : sums) {
      if (part.getMetric() == metric.wire() && part.getEnvironment() == environment) {
        sum = sum.plus(SumsCodec.read(part));
      }
    }
    StratumRates old = SumsCodec.rates(Question.harm(metric), environment, before);
    StratumRates fresh = sum.rates(List.of());
    StratumRatesMessage.Builder to =
        StratumRatesMessage.newBuilder()
            .setMetric(metric.wire())
            .setEnvironment(environment)
            .setPriorRate(sum.priorExposureHours() > 0 ? fresh.priorRate() : old.priorRate())
            .setBlockRate(sum.exposureHours() > 0 ? fresh.blockRate() : old.blockRate());
    for (Question question : Question.during(plan, stage)) {
      if (question.metric() == metric) {
        to.addFinished(
            StratumRatesMessage.FinishedRates.newBuilder()
                .setTheta0(question.theta0())
                .addAllRates(finishedRates(question, environment)));
      }
    }
    return to.build();
  }

  private List<Double> finishedRates(Question question, Environment environment) {
    List<Double> rates = new ArrayList<>();
    for (StageSums block : finished) {
      TwoArms arms =
          SumsCodec.read(question, block.getCountsList())
              .getOrDefault(Labels.of(environment), TwoArms.NONE);
      rates.add(CountsScore.of(arms).rate());
    }
    return rates;
  }

  private CountsEvaluation evaluate(Question question, Map<String, TwoArms> running) {
    BlockTotals before = BlockTotals.NONE;
    for (StageSums block : finished) {
      Map<String, TwoArms> arms = SumsCodec.read(question, block.getCountsList());
      before = CountsGate.evaluate(arms, before, question.settings()).totals();
    }
    return CountsGate.evaluate(running, before, question.settings());
  }

  private GateReport failures(Updates updates, AlphaBudget budget) {
    BinomialGate gate = new BinomialGate(plan.gates().maxFailurePercent() / 100);
    Verdict verdict =
        Decisions.harm(
            "binomial",
            gate.logE(updates.bad(), updates.ended()),
            budget.alpha(Metric.FAILED_UPDATES));
    return GateReport.failures(gate, updates, verdict);
  }
}

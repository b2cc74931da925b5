package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.StratumRatesMessage;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.SumsCodec;
import dev.earshot.rollout.gate.CountsScore;
import dev.earshot.rollout.gate.RateSums;
import dev.earshot.rollout.gate.StratumRates;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The fleet-wide rates that partitions shall weigh their devices with. */
final class StageRates {
  private final Plan plan;
  private final List<StageSums> finished;

  StageRates(Plan plan, List<StageSums> finished) {
    this.plan = plan;
    this.finished = finished;
  }

  /**
   * The rates that {@code sums} give.
   *
   * @param before the rates so far; kept where nothing new is known
   */
  List<StratumRatesMessage> of(
      int stage, Collection<RateSumsMessage> sums, List<StratumRatesMessage> before) {
    List<StratumRatesMessage> rates = new ArrayList<>();
    for (CountMetric metric : CountMetric.values()) {
      for (Environment environment : Labels.environments()) {
        rates.add(of(stage, metric, environment, sums, before));
      }
    }
    return rates;
  }

  private StratumRatesMessage of(
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
}

package dev.earshot.rollout.evidence;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.ArmSumsMessage;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.StratumRatesMessage;
import dev.earshot.protocol.v1.TestSums;
import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.RateSums;
import dev.earshot.rollout.gate.StratumRates;
import dev.earshot.rollout.gate.TwoArms;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The gates' sums as messages carry them. */
public final class SumsCodec {
  private SumsCodec() {}

  /** Writes the sums of one question in one environment. */
  public static TestSums write(Question question, Environment environment, TwoArms arms) {
    return TestSums.newBuilder()
        .setMetric(question.metric().wire())
        .setEnvironment(environment)
        .setTheta0(question.theta0())
        .setTreated(write(arms.treated()))
        .setControl(write(arms.control()))
        .build();
  }

  /**
   * The sums of one question, added over {@code all}, by environment; environments without any are
   * there and empty, for they have their weight too.
   */
  public static Map<String, TwoArms> read(Question question, Collection<TestSums> all) {
    Map<String, TwoArms> arms = new TreeMap<>();
    Labels.environments().forEach(environment -> arms.put(Labels.of(environment), TwoArms.NONE));
    for (TestSums sums : all) {
      if (sums.getMetric() == question.metric().wire() && sums.getTheta0() == question.theta0()) {
        arms.merge(
            Labels.of(sums.getEnvironment()),
            new TwoArms(read(sums.getTreated()), read(sums.getControl())),
            TwoArms::plus);
      }
    }
    return arms;
  }

  /** Writes the raw sums of one metric in one environment. */
  public static RateSumsMessage write(CountMetric metric, Environment environment, RateSums sums) {
    return RateSumsMessage.newBuilder()
        .setMetric(metric.wire())
        .setEnvironment(environment)
        .setExposure(sums.exposureHours())
        .setCount(sums.count())
        .setPriorExposure(sums.priorExposureHours())
        .setPriorCount(sums.priorCount())
        .build();
  }

  /** Reads raw sums. */
  public static RateSums read(RateSumsMessage sums) {
    return new RateSums(
        sums.getExposure(), sums.getCount(), sums.getPriorExposure(), sums.getPriorCount());
  }

  /** The rates for one question in one environment; zeros when {@code all} has none. */
  public static StratumRates rates(
      Question question, Environment environment, List<StratumRatesMessage> all) {
    for (StratumRatesMessage rates : all) {
      if (rates.getMetric() == question.metric().wire() && rates.getEnvironment() == environment) {
        return new StratumRates(
            rates.getPriorRate(), rates.getBlockRate(), finished(question, rates));
      }
    }
    return new StratumRates(0, 0, List.of());
  }

  private static List<Double> finished(Question question, StratumRatesMessage rates) {
    for (StratumRatesMessage.FinishedRates finished : rates.getFinishedList()) {
      if (finished.getTheta0() == question.theta0()) {
        return finished.getRatesList();
      }
    }
    return List.of();
  }

  private static ArmSumsMessage write(ArmSums sums) {
    return ArmSumsMessage.newBuilder()
        .setDevices(sums.devices())
        .setExposure(sums.exposureHours())
        .setCount(sums.count())
        .setHistoryCount(sums.historyCount())
        .setWM(sums.wM())
        .setWN(sums.wn())
        .setW2N2(sums.w2n2())
        .setW2Nm(sums.w2nM())
        .setW2M2(sums.w2M2())
        .build();
  }

  private static ArmSums read(ArmSumsMessage sums) {
    return new ArmSums(
        sums.getDevices(),
        sums.getExposure(),
        sums.getCount(),
        sums.getHistoryCount(),
        sums.getWM(),
        sums.getWN(),
        sums.getW2N2(),
        sums.getW2Nm(),
        sums.getW2M2());
  }
}

package dev.earshot.rollout.assignment;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.ArmCounts;
import dev.earshot.protocol.v1.ArmTotals;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.MeanMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.evidence.SumsCodec;
import dev.earshot.rollout.gate.ArmAdder;
import dev.earshot.rollout.gate.DeviceCounts;
import dev.earshot.rollout.gate.PowerArms;
import dev.earshot.rollout.gate.PowerSums;
import dev.earshot.rollout.gate.RateAdder;
import dev.earshot.rollout.gate.RateSums;
import dev.earshot.rollout.gate.StratumRates;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.stage.Arms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of the running stage over the devices of one partition. For counts a device counts in
 * each environment in which it listened, with what it did there: harm that shows only in cars is
 * seen in the car stratum, whoever drives. Where a device counts as a whole (power, battery, first
 * events) its stratum is its home, which was fixed before its offer.
 */
final class StageTally {
  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final Directive directive;
  private final Map<CountMetric, Map<Environment, RateAdder>> rates =
      new EnumMap<>(CountMetric.class);
  private final Map<Question, Map<Environment, Adders>> counts = new LinkedHashMap<>();
  private final Map<MeanMetric, Map<Environment, PowerArms>> means =
      new EnumMap<>(MeanMetric.class);
  private final FirstEventTally firsts;
  private final StageSums.Builder sums = StageSums.newBuilder();
  private final double drawnFrom;

  private record Adders(ArmAdder treated, ArmAdder control) {
    TwoArms arms() {
      return new TwoArms(treated.sums(), control.sums());
    }
  }

  StageTally(Directive directive, Instant judgedAt) {
    this.directive = directive;
    this.firsts = new FirstEventTally(judgedAt.toEpochMilli());
    int stage = directive.stage();
    drawnFrom = stage > 1 ? Arms.treatedShare(directive.plan(), stage - 1) : 0;
    if (stage > 0 && directive.snapshot().getRatesVersion() > 0) {
      for (Question question : Question.during(directive.plan(), stage)) {
        counts.put(question, new EnumMap<>(Environment.class));
      }
    }
  }

  void add(Enrolment enrolment, Position position) {
    Enrolment.Block running = enrolment.getBlocks(enrolment.getBlocksCount() - 1);
    for (Environment environment : Labels.environments()) {
      for (CountMetric metric : CountMetric.values()) {
        addCounts(metric, environment, enrolment, running.getTreated());
      }
    }
    for (MeanMetric metric : MeanMetric.values()) {
      addMean(metric, enrolment, running);
    }
    firsts.add(enrolment, running, position);
    addBalance(running, position);
    addTotals(running);
  }

  List<RateSumsMessage> rates() {
    List<RateSumsMessage> messages = new ArrayList<>();
    rates.forEach(
        (metric, environments) ->
            environments.forEach(
                (environment, adder) -> {
                  RateSums of = adder.sums();
                  if (!of.equals(RateSums.NONE)) {
                    messages.add(SumsCodec.write(metric, environment, of));
                  }
                }));
    return messages;
  }

  StageSums sums() {
    sums.setStage(directive.stage());
    counts.forEach(
        (question, environments) ->
            environments.forEach(
                (environment, adders) ->
                    sums.addCounts(SumsCodec.write(question, environment, adders.arms()))));
    means.forEach(
        (metric, homes) ->
            homes.forEach((home, arms) -> sums.addMeans(StageSumsCodec.write(metric, home, arms))));
    return sums.addAllFirsts(firsts.sums()).build();
  }

  private void addCounts(
      CountMetric metric, Environment environment, Enrolment enrolment, boolean treated) {
    DeviceCounts device = DeviceRows.of(enrolment, metric, environment);
    boolean listened =
        device.exposureHours() > 0
            || device.priorExposureHours() > 0
            || !device.finished().isEmpty();
    if (!listened) {
      return;
    }
    rates
        .computeIfAbsent(metric, key -> new EnumMap<>(Environment.class))
        .computeIfAbsent(environment, key -> new RateAdder())
        .add(device);
    counts.forEach(
        (question, environments) -> {
          if (question.metric() == metric) {
            Adders of = environments.computeIfAbsent(environment, key -> adders(question, key));
            (treated ? of.treated : of.control).add(device);
          }
        });
  }

  private Adders adders(Question question, Environment environment) {
    StratumRates of = SumsCodec.rates(question, environment, directive.snapshot().getRatesList());
    return new Adders(
        new ArmAdder(true, of, question.settings()), new ArmAdder(false, of, question.settings()));
  }

  /** Devices of which nothing was known before are compared among themselves. */
  private void addMean(MeanMetric metric, Enrolment enrolment, Enrolment.Block running) {
    double since = metric.mean(running.getCountsList());
    if (since == 0) {
      return;
    }
    double before = metric.mean(before(enrolment));
    Environment home = before > 0 ? enrolment.getHome() : Environment.ENVIRONMENT_UNSPECIFIED;
    PowerSums one = PowerSums.of(before > 0 ? before : 1, since);
    PowerArms arms =
        running.getTreated()
            ? new PowerArms(one, PowerSums.NONE)
            : new PowerArms(PowerSums.NONE, one);
    means.computeIfAbsent(metric, key -> new TreeMap<>()).merge(home, arms, PowerArms::plus);
  }

  /** All that is known from before the running stage: history, and the stages that are over. */
  private static List<EnvironmentCounts> before(Enrolment enrolment) {
    List<EnvironmentCounts> before = new ArrayList<>(enrolment.getPriorList());
    for (Enrolment.Block block :
        enrolment.getBlocksList().subList(0, enrolment.getBlocksCount() - 1)) {
      before.addAll(block.getCountsList());
    }
    return before;
  }

  /** Whom chance had not drawn before this stage: these are what this stage has randomised. */
  private void addBalance(Enrolment.Block running, Position position) {
    if (position.share() < drawnFrom) {
      return;
    }
    ArmCounts.Builder balance = sums.getBalanceBuilder();
    if (running.getTreated()) {
      balance.setTreated(balance.getTreated() + 1);
    } else {
      balance.setControl(balance.getControl() + 1);
    }
  }

  private void addTotals(Enrolment.Block running) {
    ArmTotals.Builder totals =
        running.getTreated() ? sums.getTreatedBuilder() : sums.getControlBuilder();
    totals.setDevices(totals.getDevices() + 1);
    for (EnvironmentCounts counts : running.getCountsList()) {
      totals
          .setListeningHours(totals.getListeningHours() + counts.getListeningMs() / MILLIS_PER_HOUR)
          .setCrashfreeHours(totals.getCrashfreeHours() + counts.getCrashfreeMs() / MILLIS_PER_HOUR)
          .setReboots(totals.getReboots() + counts.getReboots())
          .setWakes(totals.getWakes() + counts.getWakes());
    }
  }
}

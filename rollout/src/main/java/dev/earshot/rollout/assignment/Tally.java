package dev.earshot.rollout.assignment;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StateCount;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.evidence.SumsCodec;
import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.DeviceCounts;
import dev.earshot.rollout.gate.RateSums;
import dev.earshot.rollout.gate.StratumRates;
import dev.earshot.rollout.gate.TwoArms;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Adds up what the devices of one partition say about one rollout. A device counts in each
 * environment in which it listened, with what it did there: a harm that shows only in cars is seen
 * in the car stratum, whoever drives. The sums of one partition are a function of the devices'
 * records and of the rates that the control side published, and of nothing else.
 */
public final class Tally {
  private final Directive directive;
  private final Map<CountMetric, Map<Environment, Rows>> rows = new EnumMap<>(CountMetric.class);
  private final Map<Integer, Map<AssignmentState, Integer>> treated = new TreeMap<>();
  private final PartitionSummary.Builder summary = PartitionSummary.newBuilder();

  private static final class Rows {
    final List<DeviceCounts> treated = new ArrayList<>();
    final List<DeviceCounts> control = new ArrayList<>();
  }

  public Tally(Directive directive) {
    this.directive = directive;
    for (CountMetric metric : CountMetric.values()) {
      Map<Environment, Rows> environments = new EnumMap<>(Environment.class);
      Labels.environments().forEach(environment -> environments.put(environment, new Rows()));
      rows.put(metric, environments);
    }
  }

  /** Adds a device whose clock waits for its start. */
  public void addWaiting(Arm arm) {
    if (arm == Arm.TREATMENT) {
      summary.setTreatedWaiting(summary.getTreatedWaiting() + 1);
    } else {
      summary.setControlWaiting(summary.getControlWaiting() + 1);
    }
  }

  /** Adds a device that takes or took part in the rollout. */
  public void addEnrolled(DeviceRecord device) {
    Enrolment enrolment = device.getEnrolment();
    if (enrolment.getArm() == Arm.TREATMENT) {
      treated
          .computeIfAbsent(enrolment.getStage(), stage -> new EnumMap<>(AssignmentState.class))
          .merge(enrolment.getState(), 1, Integer::sum);
      addReversal(enrolment);
    } else {
      summary.setControlRunning(summary.getControlRunning() + 1);
    }
    if (Enrolments.runningStage(enrolment) == directive.stage()) {
      for (CountMetric metric : CountMetric.values()) {
        addRows(metric, enrolment);
      }
    }
  }

  /** The sums. */
  public PartitionSummary summary(int partition) {
    RolloutSnapshot snapshot = directive.snapshot();
    summary
        .setRollout(directive.id())
        .setPartition(partition)
        .setRevision(snapshot.getRevision())
        .setStage(directive.stage())
        .setReleased(snapshot.getReleased())
        .setRatesVersion(snapshot.getRatesVersion());
    treated.forEach(
        (stage, states) ->
            states.forEach(
                (state, devices) ->
                    summary.addTreated(
                        StateCount.newBuilder()
                            .setStage(stage)
                            .setState(state)
                            .setDevices(devices))));
    if (directive.stage() > 0) {
      addRates();
    }
    if (directive.stage() > 0 && snapshot.getRatesVersion() > 0) {
      Question.during(directive.plan(), directive.stage()).forEach(this::addSums);
    }
    return summary.build();
  }

  private void addReversal(Enrolment enrolment) {
    switch (enrolment.getReversal()) {
      case ORDERED -> summary.setReverting(summary.getReverting() + 1);
      case ANSWERED -> summary.setReverted(summary.getReverted() + 1);
      case UNREACHABLE -> summary.setUnreachable(summary.getUnreachable() + 1);
      case NOT_NEEDED, UNRECOGNIZED -> {
        // Nothing was ordered.
      }
    }
  }

  private void addRows(CountMetric metric, Enrolment enrolment) {
    Enrolment.Block running = enrolment.getBlocks(enrolment.getBlocksCount() - 1);
    for (Environment environment : Labels.environments()) {
      DeviceCounts counts = DeviceRows.of(enrolment, metric, environment);
      boolean listened =
          counts.exposureHours() > 0
              || counts.priorExposureHours() > 0
              || !counts.finished().isEmpty();
      if (listened) {
        Rows to = get(metric, environment);
        (running.getTreated() ? to.treated : to.control).add(counts);
      }
    }
  }

  private void addRates() {
    for (CountMetric metric : CountMetric.values()) {
      for (Environment environment : Labels.environments()) {
        Rows of = get(metric, environment);
        RateSums sums = RateSums.of(of.treated).plus(RateSums.of(of.control));
        if (!sums.equals(RateSums.NONE)) {
          summary.addRates(SumsCodec.write(metric, environment, sums));
        }
      }
    }
  }

  private void addSums(Question question) {
    for (Environment environment : Labels.environments()) {
      Rows of = get(question.metric(), environment);
      if (of.treated.isEmpty() && of.control.isEmpty()) {
        continue;
      }
      StratumRates rates =
          SumsCodec.rates(question, environment, directive.snapshot().getRatesList());
      summary
          .getSumsBuilder()
          .addCounts(
              SumsCodec.write(
                  question,
                  environment,
                  new TwoArms(
                      ArmSums.of(of.treated, true, rates, question.settings()),
                      ArmSums.of(of.control, false, rates, question.settings()))));
    }
  }

  private Rows get(CountMetric metric, Environment environment) {
    return Objects.requireNonNull(Objects.requireNonNull(rows.get(metric)).get(environment));
  }
}

package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StateCount;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.lifecycle.Waits;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up what the devices of one partition say about one rollout. The sums are a function of the
 * devices' records and of what the control side published, and of nothing else; device after device
 * is forgotten as soon as it is added.
 */
public final class Tally {
  private final Directive directive;
  private final StageTally stage;
  private final CensusTally census = new CensusTally();
  private final Map<Integer, Map<AssignmentState, Integer>> treated = new TreeMap<>();
  private final Waits waits = new Waits();
  private final PartitionSummary.Builder summary = PartitionSummary.newBuilder();

  /**
   * An empty tally.
   *
   * @param judgedAt fleet time up to which silence may be held against a device
   */
  public Tally(Directive directive, Instant judgedAt) {
    this.directive = directive;
    this.stage = new StageTally(directive, judgedAt);
  }

  /** The rollout. */
  public Directive directive() {
    return directive;
  }

  /** Whom the rollout would reach; only counted before it has begun. */
  public CensusTally census() {
    return census;
  }

  /** Adds a device whose clock waits for its start. */
  public void addWaiting(Arm arm) {
    if (arm == Arm.TREATMENT) {
      summary.setTreatedWaiting(summary.getTreatedWaiting() + 1);
    } else {
      summary.setControlWaiting(summary.getControlWaiting() + 1);
    }
  }

  /**
   * Adds a device that takes or took part in the rollout.
   *
   * @param position where chance has put the device in this rollout
   */
  public void addEnrolled(DeviceRecord device, Position position) {
    Enrolment enrolment = device.getEnrolment();
    if (enrolment.getArm() == Arm.TREATMENT) {
      treated
          .computeIfAbsent(enrolment.getStage(), number -> new EnumMap<>(AssignmentState.class))
          .merge(Enrolments.counted(enrolment), 1, Integer::sum);
      addWait(enrolment);
      addReversal(enrolment);
    } else {
      summary.setControlRunning(summary.getControlRunning() + 1);
    }
    if (directive.stage() > 0 && Enrolments.runningStage(enrolment) == directive.stage()) {
      stage.add(enrolment, position);
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
        (number, states) ->
            states.forEach(
                (state, devices) ->
                    summary.addTreated(
                        StateCount.newBuilder()
                            .setStage(number)
                            .setState(state)
                            .setDevices(devices))));
    summary.addAllWaits(waits.counts());
    if (directive.isUnbegun()) {
      summary.setCensus(census.census());
    }
    if (directive.stage() > 0) {
      summary.addAllRates(stage.rates()).setSums(stage.sums());
    }
    return summary.build();
  }

  /** Whoever waits for another try waits for no condition. */
  private void addWait(Enrolment enrolment) {
    if (enrolment.getRetryAtMs() == 0 && Progresses.waits(enrolment)) {
      waits.add(enrolment.getStage(), enrolment.getState(), enrolment.getText());
    }
  }

  private void addReversal(Enrolment enrolment) {
    switch (enrolment.getReversal()) {
      case ORDERED -> summary.setReverting(summary.getReverting() + 1);
      case ANSWERED -> summary.setReverted(summary.getReverted() + 1);
      case UNREACHABLE -> summary.setUnreachable(summary.getUnreachable() + 1);
      case NOWHERE -> summary.setStranded(summary.getStranded() + 1);
      case NOT_NEEDED, UNRECOGNIZED -> {
        // Nothing was ordered.
      }
    }
  }
}

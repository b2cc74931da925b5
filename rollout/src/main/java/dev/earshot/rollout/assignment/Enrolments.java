package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Enrolment.Reversal;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.rollout.assignment.Progress.Open;
import dev.earshot.rollout.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What can happen to a device's part in a rollout. Each function gives the next enrolment. */
final class Enrolments {
  private static final int LONGEST_TEXT = 200;

  private Enrolments() {}

  /** The device's clock starts for the first time: with a real offer or a sham one. */
  static Enrolment begin(DeviceRecord device, Directive directive, Arm arm, Instant now) {
    List<EnvironmentCounts> prior =
        Histories.of(device.getHistoriesList(), device.getActiveRelease());
    return Enrolment.newBuilder()
        .setRollout(directive.id())
        .setRelease(directive.release())
        .setArm(arm)
        .setStage(directive.stage())
        .setState(AssignmentState.ASSIGNMENT_OFFERED)
        .setOfferedAtMs(now.toEpochMilli())
        .setChangedAtMs(now.toEpochMilli())
        .setPreviousRelease(device.getActiveRelease())
        .setHome(EnvironmentSums.home(prior))
        .setAttempt(1)
        .addAllPrior(prior)
        .addBlocks(block(directive.stage(), arm, now))
        .build();
  }

  /**
   * The device is sent back by hand: what it took part in is over for it, and it stands as one that
   * has the release that it is to leave.
   */
  static Enrolment byHand(DeviceRecord device, Directive directive, Instant now) {
    return Enrolment.newBuilder()
        .setRollout(directive.id())
        .setRelease(device.getActiveRelease())
        .setArm(Arm.TREATMENT)
        .setStage(directive.stage())
        .setState(AssignmentState.ASSIGNMENT_COMMITTED)
        .setOfferedAtMs(now.toEpochMilli())
        .setChangedAtMs(now.toEpochMilli())
        .setPreviousRelease(directive.release())
        .setAttempt(1)
        .setByHand(true)
        .addBlocks(block(directive.stage(), Arm.TREATMENT, now))
        .build();
  }

  /** A control device is treated from this stage on. */
  static Enrolment draw(DeviceRecord device, Directive directive, Instant now) {
    return device.getEnrolment().toBuilder()
        .setArm(Arm.TREATMENT)
        .setStage(directive.stage())
        .setState(AssignmentState.ASSIGNMENT_OFFERED)
        .setOfferedAtMs(now.toEpochMilli())
        .setChangedAtMs(now.toEpochMilli())
        .setPreviousRelease(device.getActiveRelease())
        .setSentAtMachineMs(0)
        .setAttempt(1)
        .addBlocks(block(directive.stage(), Arm.TREATMENT, now))
        .build();
  }

  /** The device stays in its arm; its counts of the new stage begin. */
  static Enrolment enterBlock(Enrolment enrolment, int stage, Instant now) {
    return enrolment.toBuilder().addBlocks(block(stage, enrolment.getArm(), now)).build();
  }

  /** The stage whose counts the device gathers now. */
  static int runningStage(Enrolment enrolment) {
    return enrolment.getBlocks(enrolment.getBlocksCount() - 1).getStage();
  }

  /**
   * Looks at the deadlines, and schedules another attempt where one is owed.
   *
   * @param offersRun whether offers are repeated now; while they are not, nobody can be late to
   *     take one up
   */
  static Enrolment checked(Enrolment enrolment, Plan plan, Instant now, boolean offersRun) {
    boolean excused = !offersRun && enrolment.getState() == AssignmentState.ASSIGNMENT_OFFERED;
    if (enrolment.getArm() != Arm.TREATMENT || excused) {
      return enrolment;
    }
    Instant offeredAt = Instant.ofEpochMilli(enrolment.getOfferedAtMs());
    Enrolment next = apply(enrolment, new Progress.Checked(plan, offeredAt, now));
    if (next.getState() == AssignmentState.ASSIGNMENT_SUPERSEDED && !next.equals(enrolment)) {
      return next.toBuilder().setSentAtMachineMs(0).build();
    }
    boolean owed =
        next.getRetryAtMs() == 0
            && next.getAttempt() <= plan.deadlines().retries()
            && Progresses.read(next).isWorthAnotherTry();
    return owed
        ? next.toBuilder()
            .setRetryAtMs(next.getChangedAtMs() + plan.deadlines().retryAfter().toMillis())
            .build()
        : next;
  }

  /** Begins the next attempt when its time has come. */
  static Enrolment retried(Enrolment enrolment, Instant now, boolean mayDisturb) {
    boolean due =
        enrolment.getRetryAtMs() > 0
            && now.toEpochMilli() >= enrolment.getRetryAtMs()
            && mayDisturb;
    return due
        ? enrolment.toBuilder()
            .setAttempt(enrolment.getAttempt() + 1)
            .setState(AssignmentState.ASSIGNMENT_OFFERED)
            .setOfferedAtMs(now.toEpochMilli())
            .setChangedAtMs(now.toEpochMilli())
            .setSentAtMachineMs(0)
            .setRetryAtMs(0)
            .clearResult()
            .clearText()
            .build()
        : enrolment;
  }

  /** What its update counts as now: who gets another try has not ended yet. */
  static AssignmentState counted(Enrolment enrolment) {
    return enrolment.getRetryAtMs() > 0 ? AssignmentState.ASSIGNMENT_OFFERED : enrolment.getState();
  }

  /**
   * Notes the first silence of the running stage, in either arm. It stays noted when the device is
   * heard again.
   */
  static Enrolment silenced(
      Enrolment enrolment, long heardAtMs, Duration silenceAfter, Instant judgedAt) {
    int last = enrolment.getBlocksCount() - 1;
    Enrolment.Block running = enrolment.getBlocks(last);
    long silentFrom = Math.max(heardAtMs, running.getEnteredAtMs()) + silenceAfter.toMillis();
    return running.getFirstSilenceMs() == 0 && judgedAt.toEpochMilli() >= silentFrom
        ? enrolment.toBuilder()
            .setBlocks(last, running.toBuilder().setFirstSilenceMs(silentFrom))
            .build()
        : enrolment;
  }

  static Enrolment apply(Enrolment enrolment, Progress.Event event) {
    Progress before = Progresses.read(enrolment);
    Progress after = before.apply(event);
    return after.equals(before) ? enrolment : Progresses.write(enrolment, after);
  }

  /**
   * The rollout is being rolled back: whoever has the release, or may come to have it, goes back.
   */
  static Enrolment reverting(
      Enrolment enrolment, String activeRelease, Plan plan, String reason, Instant now) {
    if (enrolment.getArm() != Arm.TREATMENT) {
      return enrolment;
    }
    return switch (enrolment.getReversal()) {
      case NOT_NEEDED ->
          isSafe(enrolment, activeRelease)
              ? enrolment.toBuilder().setClosed(false).setReversal(Reversal.ANSWERED).build()
              : enrolment.toBuilder()
                  .setClosed(false)
                  .setReversal(Reversal.ORDERED)
                  .setReversalReason(cut(reason))
                  .setReversalOrderedAtMs(now.toEpochMilli())
                  .setReversalAttempt(1)
                  .setSentAtMachineMs(0)
                  .build();
      case ORDERED -> reversalChecked(enrolment, plan, now);
      case ANSWERED, UNREACHABLE, NOWHERE, UNRECOGNIZED -> enrolment;
    };
  }

  /** The device's newest status is about the order to go back. */
  static Enrolment reversalReported(
      Enrolment enrolment, UpdateReport report, String activeRelease) {
    if (enrolment.getReversal() == Reversal.ANSWERED) {
      return enrolment;
    }
    boolean stillThere = activeRelease.equals(enrolment.getRelease());
    return switch (report.getState()) {
      case COMMITTED, ROLLED_BACK, FAILED, REJECTED ->
          stillThere
              ? enrolment.toBuilder().setReversalAttempt(enrolment.getReversalAttempt() + 1).build()
              : enrolment.toBuilder().setReversal(Reversal.ANSWERED).build();
      case DOWNLOADING,
          DOWNLOADED,
          VERIFIED,
          INSTALLED,
          TRIAL,
          UPDATE_STATE_UNSPECIFIED,
          UNRECOGNIZED ->
          enrolment;
    };
  }

  /** The rollout is over; the device may join another. */
  static Enrolment close(Enrolment enrolment, Instant now) {
    Enrolment ended =
        enrolment.getArm() == Arm.CONTROL || Progresses.read(enrolment) instanceof Open
            ? apply(enrolment, new Progress.RolloutEnded(now))
            : enrolment;
    return ended.toBuilder().setClosed(true).setRetryAtMs(0).build();
  }

  /** What others are told about it. */
  static Assignment message(Enrolment enrolment) {
    boolean wentBack =
        enrolment.getReversal() == Reversal.ANSWERED
            && enrolment.getState() == AssignmentState.ASSIGNMENT_COMMITTED;
    return Assignment.newBuilder()
        .setRollout(enrolment.getRollout())
        .setRelease(enrolment.getRelease())
        .setArm(enrolment.getArm())
        .setStage(enrolment.getStage())
        .setState(wentBack ? AssignmentState.ASSIGNMENT_ROLLED_BACK : enrolment.getState())
        .setOfferedAtMs(enrolment.getOfferedAtMs())
        .setChangedAtMs(enrolment.getChangedAtMs())
        .setResult(enrolment.getResult())
        .setText(
            enrolment.getReversal() == Reversal.NOWHERE
                ? "stays on it: every release that it ran before is revoked"
                : enrolment.getText())
        .build();
  }

  private static String cut(String reason) {
    return reason.substring(0, Math.min(reason.length(), LONGEST_TEXT));
  }

  private static Enrolment reversalChecked(Enrolment enrolment, Plan plan, Instant now) {
    long late = enrolment.getReversalOrderedAtMs() + plan.deadlines().reverting().toMillis();
    return now.toEpochMilli() >= late
        ? enrolment.toBuilder().setReversal(Reversal.UNREACHABLE).build()
        : enrolment;
  }

  /** It said itself that its update ended without the new release, and it runs another one. */
  private static boolean isSafe(Enrolment enrolment, String activeRelease) {
    return !activeRelease.equals(enrolment.getRelease())
        && switch (enrolment.getState()) {
          case ASSIGNMENT_FAILED, ASSIGNMENT_REJECTED, ASSIGNMENT_ROLLED_BACK -> true;
          case ASSIGNMENT_OFFERED,
              ASSIGNMENT_DOWNLOADING,
              ASSIGNMENT_DOWNLOADED,
              ASSIGNMENT_VERIFIED,
              ASSIGNMENT_INSTALLED,
              ASSIGNMENT_TRIAL,
              ASSIGNMENT_COMMITTED,
              ASSIGNMENT_TIMED_OUT,
              ASSIGNMENT_SUPERSEDED,
              ASSIGNMENT_STATE_UNSPECIFIED,
              UNRECOGNIZED ->
              false;
        };
  }

  private static Enrolment.Block block(int stage, Arm arm, Instant now) {
    return Enrolment.Block.newBuilder()
        .setStage(stage)
        .setTreated(arm == Arm.TREATMENT)
        .setEnteredAtMs(now.toEpochMilli())
        .build();
  }
}

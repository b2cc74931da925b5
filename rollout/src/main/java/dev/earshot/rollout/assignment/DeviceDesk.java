package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateState;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.lifecycle.RolloutState;
import dev.earshot.rollout.release.Catalogue;
import dev.earshot.rollout.stage.Arms;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one device at a time: whether its clock starts, in which arm, what it is told, when
 * it has failed, and how it goes back. What a device was promised is in its record, which is
 * written together with the orders, so a restart neither loses nor invents one. A rollout tells a
 * device one release, and once it was told to go back, never the release again.
 *
 * <p>For use by one thread.
 */
public final class DeviceDesk {
  private final Eligibility eligibility;
  private final Memberships memberships;
  private final Dispatch dispatch;
  private final WayBack wayBack;

  /**
   * A desk.
   *
   * @param resendAfter an order that the device's status does not show is repeated when the device
   *     is heard, but not sooner than this after the last time; machine time
   */
  public DeviceDesk(
      Catalogue catalogue, Memberships memberships, Orders orders, Duration resendAfter) {
    this.eligibility = new Eligibility(catalogue);
    this.memberships = memberships;
    this.wayBack = new WayBack(catalogue);
    this.dispatch = new Dispatch(catalogue, orders, resendAfter);
  }

  /**
   * When a decision is taken.
   *
   * @param now the fleet's time
   * @param machineMillis the machine's
   * @param heard whether the device was heard just now
   * @param judgedAt fleet time up to which everything that devices said is known here; behind
   *     {@code now} while a backlog is worked off. Nobody is called silent or late for what has not
   *     been read yet
   */
  public record Moment(Instant now, long machineMillis, boolean heard, Instant judgedAt) {}

  /** Takes in a status; an older one than the newest seen changes nothing. */
  public DeviceRecord status(
      DeviceId id, DeviceRecord device, DeviceStatus status, Instant receivedAt) {
    DeviceRecord.Builder to =
        device.toBuilder().setHeardAtMs(Math.max(device.getHeardAtMs(), receivedAt.toEpochMilli()));
    if (device.getHasStatus() && !isNewer(status, device)) {
      return to.build();
    }
    memberships.forget(id);
    to.setHasStatus(true)
        .setStatusBootId(status.getBootId())
        .setStatusSequence(status.getSequence())
        .setAttributes(status.getAttributes())
        .setActiveRelease(activeRelease(status))
        .setUpdate(status.getUpdate());
    if (to.hasEnrolment()) {
      to.setEnrolment(reported(id, to.getEnrolment(), to, receivedAt));
    }
    return to.build();
  }

  /** Everything that is due for the device at this moment. */
  public Outcome settle(DeviceId id, DeviceRecord device, Directives directives, Moment moment) {
    Directive byHand = revertingByHand(id, device, directives);
    if (byHand != null) {
      DeviceRecord reverted = with(device, Enrolments.byHand(device, byHand, moment.now()));
      Enrolment enrolled = enrolled(id, reverted, byHand, moment);
      DeviceRecord aimed = with(device, wayBack.aimed(reverted, enrolled));
      return dispatch.send(id, device, aimed, byHand, moment);
    }
    DeviceRecord next = device;
    if (Eligibility.isEnrolled(device) || isRecalled(device, directives)) {
      Directive directive = directives.find(device.getEnrolment().getRollout());
      if (directive == null) {
        return Outcome.unchanged(device);
      }
      Enrolment enrolled = enrolled(id, device, directive, moment);
      next = with(device, wayBack.aimed(device, enrolled));
      return dispatch.send(id, device, next, directive, moment);
    }
    if (Eligibility.owesReversal(device)) {
      next = with(device, wayBack.aimed(device, device.getEnrolment()));
      return dispatch.send(id, device, next, null, moment);
    }
    Directive directive = claiming(id, device, directives, moment.now());
    if (directive == null || !mayEnter(id, device, directive, moment.now())) {
      return Outcome.unchanged(device);
    }
    Arm arm = Arms.at(directive.plan(), directive.stage(), position(id, device, directive));
    next = with(device, Enrolments.begin(device, directive, arm, moment.now()));
    return dispatch.send(id, device, next, directive, moment);
  }

  /** A device that waits for its clock to start: for which rollout, and in which arm. */
  public record Waiting(String rollout, Arm arm) {}

  /** For whom and as what the device waits; null when it does not. */
  public @Nullable Waiting waiting(
      DeviceId id, DeviceRecord device, Directives directives, Instant now) {
    if (Eligibility.isEnrolled(device)) {
      Directive directive = directives.find(device.getEnrolment().getRollout());
      return directive != null
              && isClaiming(directive)
              && isDrawn(id, device, directive)
              && Eligibility.isReachable(device, directive, now)
              && eligibility.canRun(device, directive)
          ? new Waiting(directive.id(), Arm.TREATMENT)
          : null;
    }
    if (Eligibility.owesReversal(device)) {
      return null;
    }
    Directive directive = claiming(id, device, directives, now);
    return directive == null
        ? null
        : new Waiting(
            directive.id(),
            Arms.at(directive.plan(), directive.stage(), position(id, device, directive)));
  }

  /** Adds the device to the count of those that a rollout would reach if it began now. */
  public void count(
      DeviceId id, DeviceRecord device, Directive directive, Instant now, CensusTally census) {
    eligibility.count(id, device, directive, now, census);
  }

  private Enrolment enrolled(DeviceId id, DeviceRecord device, Directive directive, Moment moment) {
    Enrolment enrolment = device.getEnrolment();
    Instant now = moment.now();
    return switch (directive.state()) {
      case RolloutState.Running running ->
          Enrolments.retried(
              checked(device, entered(id, device, directive, now), directive, moment, true),
              now,
              Eligibility.isOpen(device, directive, now));
      case RolloutState.Paused paused -> checked(device, enrolment, directive, moment, false);
      case RolloutState.RollingBack back ->
          Enrolments.reverting(
              enrolment, device.getActiveRelease(), directive.plan(), back.reason(), now);
      case RolloutState.RolledBack back ->
          Enrolments.close(
              Enrolments.reverting(
                  enrolment, device.getActiveRelease(), directive.plan(), back.reason(), now),
              now);
      case RolloutState.Succeeded succeeded -> Enrolments.close(enrolment, now);
      case RolloutState.Cancelled cancelled -> Enrolments.close(enrolment, now);
      case RolloutState.Draft d -> enrolment;
      case RolloutState.AwaitingApproval a -> enrolment;
      case RolloutState.Scheduled s -> enrolment;
    };
  }

  /**
   * The device's clock starts anew in a new stage when its pace is released. What a device must
   * fulfil for that does not depend on whether it is drawn: else the arms would no longer be alike.
   */
  private Enrolment entered(DeviceId id, DeviceRecord device, Directive directive, Instant now) {
    Enrolment enrolment = device.getEnrolment();
    boolean waits = Enrolments.runningStage(enrolment) < directive.stage();
    boolean able = enrolment.getArm() == Arm.TREATMENT || eligibility.canRun(device, directive);
    if (!waits || !able || !mayEnter(id, device, directive, now)) {
      return enrolment;
    }
    return isDrawn(id, device, directive)
        ? Enrolments.draw(device, directive, now)
        : Enrolments.enterBlock(enrolment, directive.stage(), now);
  }

  private static Enrolment checked(
      DeviceRecord device,
      Enrolment enrolment,
      Directive directive,
      Moment moment,
      boolean offersRun) {
    Enrolment judged =
        Enrolments.checked(enrolment, directive.plan(), moment.judgedAt(), offersRun);
    return Enrolments.silenced(
        judged, device.getHeardAtMs(), directive.plan().gates().silenceAfter(), moment.judgedAt());
  }

  private Enrolment reported(
      DeviceId id, Enrolment enrolment, DeviceRecord.Builder device, Instant at) {
    UpdateReport report = device.getUpdate();
    Enrolment next = enrolment;
    if (enrolment.getArm() == Arm.TREATMENT && isAboutInstall(id, enrolment, report)) {
      next =
          Enrolments.apply(
              enrolment,
              new Progress.Reported(report.getState(), report.getResult(), report.getText(), at));
    }
    boolean aboutReversal = report.getCommandId().equals(Orders.revertId(id, next));
    return aboutReversal
        ? Enrolments.reversalReported(next, report, device.getActiveRelease())
        : next;
  }

  /**
   * The revert by hand that is newer than what the device takes part in, and has something to do:
   * it comes before every rollout.
   */
  private @Nullable Directive revertingByHand(
      DeviceId id, DeviceRecord device, Directives directives) {
    for (Directive directive : directives.reverts()) {
      boolean isNews =
          directive.snapshot().getCreatedAtMs() >= device.getEnrolment().getOfferedAtMs()
              && !directive.id().equals(device.getEnrolment().getRollout());
      if (isNews
          && directive.state() instanceof RolloutState.RollingBack
          && eligibility.canRun(device, directive)
          && memberships.matches(directive, id, device)) {
        return directive;
      }
    }
    return null;
  }

  /** Whoever was sent back by hand is left alone by the rollouts that are older than that. */
  private static boolean wasSentBack(DeviceRecord device, Directive directive) {
    Enrolment enrolment = device.getEnrolment();
    return enrolment.getByHand()
        && directive.snapshot().getCreatedAtMs() <= enrolment.getOfferedAtMs();
  }

  /** Its last rollout was over for it, and takes its release back after all. */
  private static boolean isRecalled(DeviceRecord device, Directives directives) {
    Enrolment enrolment = device.getEnrolment();
    Directive directive = device.hasEnrolment() ? directives.find(enrolment.getRollout()) : null;
    return directive != null
        && directive.state() instanceof RolloutState.RollingBack
        && enrolment.getArm() == Arm.TREATMENT
        && enrolment.getReversal() == Enrolment.Reversal.NOT_NEEDED;
  }

  /** The rollout whose turn it is with a device that is in none. */
  private @Nullable Directive claiming(
      DeviceId id, DeviceRecord device, Directives directives, Instant now) {
    for (Directive directive : directives.byPrecedence()) {
      if (isClaiming(directive)
          && eligibility.canRun(device, directive)
          && Eligibility.isReachable(device, directive, now)
          && !directive.id().equals(device.getEnrolment().getRollout())
          && !wasSentBack(device, directive)
          && memberships.matches(directive, id, device)) {
        return directive;
      }
    }
    return null;
  }

  private boolean mayEnter(DeviceId id, DeviceRecord device, Directive directive, Instant now) {
    return directive.state() instanceof RolloutState.Running
        && position(id, device, directive).pace() < directive.snapshot().getReleased()
        && Eligibility.isReachable(device, directive, now)
        && Eligibility.isOpen(device, directive, now)
        && directive.plan().schedule().freeze(now).isEmpty();
  }

  /**
   * An update that was ordered again may end under the name of the earlier order. Only its success
   * counts then: that it had failed is why it was ordered again.
   */
  private static boolean isAboutInstall(DeviceId id, Enrolment enrolment, UpdateReport report) {
    if (report.getCommandId().equals(Orders.installId(id, enrolment, enrolment.getAttempt()))) {
      return true;
    }
    for (int earlier = 1; earlier < enrolment.getAttempt(); earlier++) {
      if (report.getCommandId().equals(Orders.installId(id, enrolment, earlier))) {
        return report.getState() == UpdateState.COMMITTED;
      }
    }
    return false;
  }

  /** Whether a control device is to be treated from this stage on. */
  private boolean isDrawn(DeviceId id, DeviceRecord device, Directive directive) {
    return device.getEnrolment().getArm() == Arm.CONTROL
        && Arms.at(directive.plan(), directive.stage(), position(id, device, directive))
            == Arm.TREATMENT;
  }

  /** Where chance has put the device in that rollout. */
  public Position position(DeviceId id, DeviceRecord device, Directive directive) {
    return memberships.position(directive, id, device);
  }

  private static boolean isClaiming(Directive directive) {
    return directive.state() instanceof RolloutState.Running
        || directive.state() instanceof RolloutState.Paused;
  }

  private static DeviceRecord with(DeviceRecord device, Enrolment enrolment) {
    return enrolment.equals(device.getEnrolment())
        ? device
        : device.toBuilder().setEnrolment(enrolment).build();
  }

  private static boolean isNewer(DeviceStatus status, DeviceRecord device) {
    int boots = Integer.compareUnsigned(status.getBootId(), device.getStatusBootId());
    return boots != 0
        ? boots > 0
        : Integer.compareUnsigned(status.getSequence(), device.getStatusSequence()) > 0;
  }

  private static String activeRelease(DeviceStatus status) {
    for (SlotContent slot : status.getSlotsList()) {
      if (slot.getSlot() == status.getActiveSlot()) {
        return slot.getRelease();
      }
    }
    return "";
  }
}

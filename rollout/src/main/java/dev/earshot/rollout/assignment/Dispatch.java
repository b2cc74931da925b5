package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Enrolment.Reversal;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.rollout.assignment.Orders.Unsigned;
import dev.earshot.rollout.director.Director;
import dev.earshot.rollout.lifecycle.RolloutState;
import dev.earshot.rollout.release.Catalogue;
import dev.earshot.rollout.release.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what is to be sent after a decision: the order that the device does not show yet. */
final class Dispatch {
  private final Catalogue catalogue;
  private final Orders orders;
  private final long resendAfterMillis;

  Dispatch(Catalogue catalogue, Orders orders, Duration resendAfter) {
    this.catalogue = catalogue;
    this.orders = orders;
    this.resendAfterMillis = resendAfter.toMillis();
  }

  Outcome send(
      DeviceId id,
      DeviceRecord before,
      DeviceRecord after,
      @Nullable Directive directive,
      DeviceDesk.Moment moment) {
    Unsigned unsigned = due(id, before, after, directive, moment);
    if (unsigned == null) {
      return Outcome.unchanged(after);
    }
    long version = Director.nextVersion(after.getOrderVersion(), moment.now());
    DeviceCommand command = orders.sign(id, unsigned, version, moment.now());
    DeviceRecord sent =
        after.toBuilder()
            .setOrderVersion(version)
            .setEnrolment(
                after.getEnrolment().toBuilder().setSentAtMachineMs(moment.machineMillis()))
            .build();
    return new Outcome(sent, List.of(command));
  }

  private @Nullable Unsigned due(
      DeviceId id,
      DeviceRecord before,
      DeviceRecord after,
      @Nullable Directive directive,
      DeviceDesk.Moment moment) {
    Enrolment enrolment = after.getEnrolment();
    if (enrolment.getClosed() && !before.getEnrolment().getClosed()) {
      return wasStopped(enrolment, directive) ? orders.cancel(id, enrolment) : null;
    }
    if (!isTimely(enrolment, moment)) {
      return null;
    }
    Unsigned wanted = wanted(id, after, directive, moment);
    boolean shown =
        wanted != null && wanted.command().getCommandId().equals(after.getUpdate().getCommandId());
    return shown ? null : wanted;
  }

  private @Nullable Unsigned wanted(
      DeviceId id, DeviceRecord device, @Nullable Directive directive, DeviceDesk.Moment moment) {
    Enrolment enrolment = device.getEnrolment();
    if (Eligibility.owesReversal(enrolment)) {
      ModelRelease previous = catalogue.find(WayBack.release(enrolment));
      return previous == null ? null : orders.revert(id, enrolment, previous);
    }
    if (isLeftOut(enrolment)) {
      // Once: the device answers under the name of the order that it stops working on.
      return enrolment.getSentAtMachineMs() == 0 ? orders.cancel(id, enrolment) : null;
    }
    boolean offered =
        enrolment.getArm() == Arm.TREATMENT
            && enrolment.getState() == AssignmentState.ASSIGNMENT_OFFERED
            && !enrolment.getClosed();
    return offered
            && directive != null
            && directive.state() instanceof RolloutState.Running
            && Eligibility.isOpen(device, directive, moment.now())
        ? install(id, enrolment, directive, moment.now())
        : null;
  }

  /**
   * Nothing while the release is not known here, is another one than the rollout was created for,
   * was revoked, or when the offer is over: nobody could take it up any more.
   */
  private @Nullable Unsigned install(
      DeviceId id, Enrolment enrolment, Directive directive, Instant now) {
    ModelRelease release = catalogue.find(directive.release());
    if (release == null
        || Revocation.isRevoked(release)
        || !release
            .getManifestDigest()
            .equals(directive.snapshot().getTarget().getManifestDigest())) {
      return null;
    }
    Unsigned install = orders.install(id, enrolment, directive, release);
    return now.toEpochMilli() < install.command().getExpiresAtMs() ? install : null;
  }

  private boolean isTimely(Enrolment enrolment, DeviceDesk.Moment moment) {
    long sentAt = enrolment.getSentAtMachineMs();
    return sentAt == 0 || (moment.heard() && moment.machineMillis() - sentAt >= resendAfterMillis);
  }

  /**
   * A device that waited for too long need not go on, though its rollout does; one that can't go
   * back must not.
   */
  private static boolean isLeftOut(Enrolment enrolment) {
    return enrolment.getArm() == Arm.TREATMENT
        && !enrolment.getClosed()
        && (enrolment.getState() == AssignmentState.ASSIGNMENT_SUPERSEDED
            || enrolment.getReversal() == Reversal.NOWHERE);
  }

  /** A device that was still at work when its rollout was cancelled need not go on. */
  private static boolean wasStopped(Enrolment enrolment, @Nullable Directive directive) {
    return directive != null
        && directive.state() instanceof RolloutState.Cancelled
        && enrolment.getArm() == Arm.TREATMENT
        && enrolment.getState() == AssignmentState.ASSIGNMENT_SUPERSEDED;
  }
}

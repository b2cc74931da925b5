package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Enrolment.Reversal;
import dev.earshot.rollout.release.Catalogue;
import dev.earshot.rollout.release.Revocation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device can take part in a rollout: what must hold of it in either arm, whatever chance
 * has drawn for it.
 *
 * @param catalogue the releases that a device can be brought back to
 */
record Eligibility(Catalogue catalogue) {

  /** Adds the device to the count of those that a rollout would reach if it began now. */
  void count(
      DeviceId id, DeviceRecord device, Directive directive, Instant now, CensusTally census) {
    census.addKnown();
    if (!device.getHasStatus() || !directive.cohort().matches(Memberships.attributes(id, device))) {
      return;
    }
    CensusTally.Exclusion exclusion = exclusion(device, directive, now);
    if (exclusion == null) {
      census.addReachable(id, device, now);
    } else {
      census.addExcluded(exclusion);
    }
  }

  private CensusTally.@Nullable Exclusion exclusion(
      DeviceRecord device, Directive directive, Instant now) {
    if (!isForChip(device, directive)) {
      return CensusTally.Exclusion.OTHER_CHIP;
    }
    if (device.getActiveRelease().equals(directive.release())) {
      return CensusTally.Exclusion.ALREADY_HAS_IT;
    }
    if (isEnrolled(device) || owesReversal(device)) {
      return CensusTally.Exclusion.IN_ANOTHER_ROLLOUT;
    }
    if (!canRun(device, directive)) {
      return CensusTally.Exclusion.UNKNOWN_RELEASE;
    }
    return isReachable(device, directive, now) ? null : CensusTally.Exclusion.NOT_HEARD;
  }

  /** It runs another release, one that it can come back to, on a chip that the new one is for. */
  boolean canRun(DeviceRecord device, Directive directive) {
    return device.getHasStatus()
        && !device.getActiveRelease().equals(directive.release())
        && isForChip(device, directive)
        && catalogue.find(device.getActiveRelease()) != null
        && !Revocation.isRevoked(catalogue.find(directive.release()));
  }

  private static boolean isForChip(DeviceRecord device, Directive directive) {
    return directive
        .snapshot()
        .getTarget()
        .getChipsList()
        .contains(device.getAttributes().getChip());
  }

  /** Whether the device may be disturbed now. */
  static boolean isOpen(DeviceRecord device, Directive directive, Instant now) {
    return directive.plan().schedule().isOpen(now, device.getAttributes().getUtcOffsetMinutes());
  }

  /** It was heard lately. */
  static boolean isReachable(DeviceRecord device, Directive directive, Instant now) {
    return now.toEpochMilli() - device.getHeardAtMs() <= directive.plan().heardWithin().toMillis();
  }

  /** It takes part in a rollout that is not over for it. */
  static boolean isEnrolled(DeviceRecord device) {
    return device.hasEnrolment() && !device.getEnrolment().getClosed();
  }

  /** A rollback is never forgotten, even when the rollout gave the device up. */
  static boolean owesReversal(DeviceRecord device) {
    return owesReversal(device.getEnrolment());
  }

  /** The same, of what it is part of. */
  static boolean owesReversal(Enrolment enrolment) {
    Reversal reversal = enrolment.getReversal();
    return reversal == Reversal.ORDERED || reversal == Reversal.UNREACHABLE;
  }
}

package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Enrolment.Reversal;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.rollout.release.Catalogue;
import dev.earshot.rollout.release.Revocation;
import org.jspecify.annotations.Nullable;

/**
 * Says which release a device goes back to: what it ran when it was told to update, or, when that
 * was revoked since, the newest of the others that its record remembers (three in all) and that is
 * not revoked. When there is none it stays where it is: a revoked release is no better than
 * another, and a device without a model is worse than either.
 *
 * @param catalogue says what is revoked
 */
record WayBack(Catalogue catalogue) {
  /** Where the device is to go back to by this enrolment. */
  static String release(Enrolment enrolment) {
    return enrolment.getReversalRelease().isEmpty()
        ? enrolment.getPreviousRelease()
        : enrolment.getReversalRelease();
  }

  /** Aims anew when what it aimed at was revoked. */
  Enrolment aimed(DeviceRecord device, Enrolment enrolment) {
    if (!Eligibility.owesReversal(enrolment)
        || !Revocation.isRevoked(catalogue.find(release(enrolment)))) {
      return enrolment;
    }
    String other = other(device, enrolment);
    Enrolment.Builder next = enrolment.toBuilder().setSentAtMachineMs(0);
    return other == null
        ? next.setReversal(Reversal.NOWHERE).build()
        : next.setReversalRelease(other)
            .setReversalAttempt(enrolment.getReversalAttempt() + 1)
            .build();
  }

  private @Nullable String other(DeviceRecord device, Enrolment enrolment) {
    String chip = device.getAttributes().getChip();
    for (int i = device.getHistoriesCount() - 1; i >= 0; i--) {
      String name = device.getHistories(i).getRelease();
      ModelRelease release = catalogue.find(name);
      if (release != null
          && !Revocation.isRevoked(release)
          && !name.equals(enrolment.getRelease())
          && release.getChipsList().contains(chip)) {
        return name;
      }
    }
    return null;
  }
}

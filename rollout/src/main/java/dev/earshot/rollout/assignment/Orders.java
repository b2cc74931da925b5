package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.Cancel;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.Revert;
import dev.earshot.rollout.assignment.Progress.Step;
import dev.earshot.rollout.cohort.SipHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Writes orders to devices. An order depends on the device's record and the rollout only, never on
 * when it is written: told again, it is the same order, byte for byte, with the same id.
 *
 * @param registryUrl where devices fetch manifests and models, without a trailing slash
 */
public record Orders(String registryUrl) {
  private static final int LONGEST_TEXT = 200;

  public Orders {
    if (registryUrl.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "registryUrl: "
              + registryUrl.length()
              + " characters (expected: at most "
              + LONGEST_TEXT
              + ")");
    }
  }

  static String installId(DeviceId device, Enrolment enrolment, int attempt) {
    return enrolment.getRollout() + ".i" + attempt + "." + hash(device);
  }

  static String revertId(DeviceId device, Enrolment enrolment) {
    return enrolment.getRollout() + ".r" + enrolment.getReversalAttempt() + "." + hash(device);
  }

  DeviceCommand install(DeviceId device, Enrolment enrolment, Directive directive) {
    Instant offered = Instant.ofEpochMilli(enrolment.getOfferedAtMs());
    return DeviceCommand.newBuilder()
        .setCommandId(installId(device, enrolment, enrolment.getAttempt()))
        .setRollout(enrolment.getRollout())
        .setIssuedAtMs(enrolment.getOfferedAtMs())
        .setExpiresAtMs(offered.plus(Step.OFFERED.limit(directive.plan())).toEpochMilli())
        .setInstall(
            Install.newBuilder()
                .setRelease(directive.release())
                .setManifestDigest(directive.snapshot().getTarget().getManifestDigest())
                .setRegistryUrl(registryUrl)
                .setTrialSeconds(seconds(directive.plan().trial())))
        .build();
  }

  DeviceCommand revert(DeviceId device, Enrolment enrolment, ModelRelease previous) {
    return DeviceCommand.newBuilder()
        .setCommandId(revertId(device, enrolment))
        .setRollout(enrolment.getRollout())
        .setIssuedAtMs(enrolment.getReversalOrderedAtMs())
        .setRevert(
            Revert.newBuilder()
                .setRelease(enrolment.getPreviousRelease())
                .setManifestDigest(previous.getManifestDigest())
                .setRegistryUrl(registryUrl)
                .setReason("rollout " + enrolment.getRollout() + " was rolled back"))
        .build();
  }

  DeviceCommand cancel(DeviceId device, Enrolment enrolment) {
    return DeviceCommand.newBuilder()
        .setCommandId(enrolment.getRollout() + ".c." + hash(device))
        .setRollout(enrolment.getRollout())
        .setIssuedAtMs(enrolment.getChangedAtMs())
        .setCancel(
            Cancel.newBuilder().setReason("rollout " + enrolment.getRollout() + " was cancelled"))
        .build();
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }

  private static String hash(DeviceId device) {
    long hash = SipHash.hash(0, 0, device.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits(hash);
  }
}

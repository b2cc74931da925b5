package dev.earshot.rollout.assignment;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.v1.Cancel;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.Revert;
import dev.earshot.rollout.assignment.Progress.Step;
import dev.earshot.rollout.cohort.SipHash;
import dev.earshot.rollout.director.Director;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Writes commands to devices. What a command says depends on the device's record and the rollout
 * only, never on when it is written: told again, it says the same under the same id. The director's
 * order that it carries is made anew each time.
 *
 * @param registryUrl where devices fetch manifests and models, without a trailing slash
 * @param director signs what is sent
 */
public record Orders(String registryUrl, Director director) {
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

  /**
   * What is to be sent, before it is signed.
   *
   * @param target the manifest of the release to run; empty for a cancellation
   */
  record Unsigned(DeviceCommand command, Optional<Order.Target> target) {
    static Unsigned of(DeviceCommand command, ModelRelease release) {
      return new Unsigned(command, Optional.of(Director.target(release)));
    }
  }

  /** The command with an order that is newer than all that the device was sent before. */
  DeviceCommand sign(DeviceId id, Unsigned unsigned, long version, Instant now) {
    return director.sign(unsigned.command(), id, unsigned.target(), version, now);
  }

  Unsigned install(
      DeviceId device, Enrolment enrolment, Directive directive, ModelRelease release) {
    Instant offered = Instant.ofEpochMilli(enrolment.getOfferedAtMs());
    DeviceCommand command =
        DeviceCommand.newBuilder()
            .setCommandId(installId(device, enrolment, enrolment.getAttempt()))
            .setRollout(enrolment.getRollout())
            .setIssuedAtMs(enrolment.getOfferedAtMs())
            .setExpiresAtMs(offered.plus(Step.OFFERED.limit(directive.plan())).toEpochMilli())
            .setInstall(
                Install.newBuilder()
                    .setRelease(directive.release())
                    .setManifestDigest(directive.snapshot().getTarget().getManifestDigest())
                    .setRegistryUrl(registryUrl)
                    .setTrialSeconds(seconds(directive.plan().trial()))
                    .setConditions(directive.plan().install().conditions()))
            .build();
    return Unsigned.of(command, release);
  }

  Unsigned revert(DeviceId device, Enrolment enrolment, ModelRelease previous) {
    DeviceCommand command =
        DeviceCommand.newBuilder()
            .setCommandId(revertId(device, enrolment))
            .setRollout(enrolment.getRollout())
            .setIssuedAtMs(enrolment.getReversalOrderedAtMs())
            .setRevert(
                Revert.newBuilder()
                    .setRelease(WayBack.release(enrolment))
                    .setManifestDigest(previous.getManifestDigest())
                    .setRegistryUrl(registryUrl)
                    .setReason(
                        enrolment.getReversalReason().isEmpty()
                            ? "rollout " + enrolment.getRollout() + " was rolled back"
                            : enrolment.getReversalReason()))
            .build();
    return Unsigned.of(command, previous);
  }

  Unsigned cancel(DeviceId device, Enrolment enrolment) {
    DeviceCommand command =
        DeviceCommand.newBuilder()
            .setCommandId(enrolment.getRollout() + ".c." + hash(device))
            .setRollout(enrolment.getRollout())
            .setIssuedAtMs(enrolment.getChangedAtMs())
            .setCancel(Cancel.newBuilder().setReason(stopped(enrolment)))
            .build();
    return new Unsigned(command, Optional.empty());
  }

  private static String stopped(Enrolment enrolment) {
    if (!enrolment.getReversalReason().isEmpty()) {
      return enrolment.getReversalReason();
    }
    return enrolment.getText().isEmpty()
        ? "rollout " + enrolment.getRollout() + " was cancelled"
        : enrolment.getText();
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }

  private static String hash(DeviceId device) {
    long hash = SipHash.hash(0, 0, device.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits(hash);
  }
}

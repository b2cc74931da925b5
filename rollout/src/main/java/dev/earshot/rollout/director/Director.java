package dev.earshot.rollout.director;

import com.google.protobuf.UnsafeByteOperations;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.ModelRelease;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Signs orders. A command says what is wanted and is the same however often it is told; its order
 * is made anew each time, with a higher version and a later end. The same key, command, version and
 * instant give the same bytes (RFC 8032 signatures have no randomness). Some tenths of a
 * millisecond of processor time an order: for the threads of the topology, not for event loops.
 *
 * @param key the director's, which its root names for targets
 * @param valid for how long an order may be taken up, fleet time
 */
public record Director(SigningKey key, Duration valid) {
  /**
   * A week: an order that waits at a gateway for a device that is away has to outlive a weekend,
   * and one that somebody kept back is worth nothing after it. Who was away for longer is told
   * again, with a new order, as soon as it is heard.
   */
  public static final Duration USUALLY_VALID = Duration.ofDays(7);

  public Director {
    if (!valid.isPositive()) {
      throw new IllegalArgumentException("valid: " + valid + " (expected: above 0)");
    }
  }

  /** One whose orders are valid for {@link #USUALLY_VALID}. */
  public static Director of(SigningKey key) {
    return new Director(key, USUALLY_VALID);
  }

  /**
   * The version of a device's next order: above its last one, and never behind the clock, in
   * seconds of fleet time since 1970. So a service that has lost what it knew of its devices is
   * still heard by them.
   *
   * @param last version that the device's record names; 0: none
   */
  public static long nextVersion(long last, Instant now) {
    return Math.max(last + 1, now.getEpochSecond());
  }

  /** A release's manifest, as an order names it. */
  public static Order.Target target(ModelRelease release) {
    return new Order.Target(
        new ReleaseRef(release.getName(), release.getVersion()).manifestPath(),
        release.getManifest().size(),
        Digest.ofBytes(release.getManifestDigest().toByteArray()));
  }

  /**
   * The command with its order.
   *
   * @param target the manifest of the release to run; empty for a cancellation
   * @param now fleet time
   */
  public DeviceCommand sign(
      DeviceCommand command,
      DeviceId device,
      Optional<Order.Target> target,
      long version,
      Instant now) {
    Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
    Order order =
        new Order(
            version,
            expires(command, issued),
            device,
            command.getCommandId(),
            command.getRollout(),
            action(command),
            target,
            command.getInstall().getTrialSeconds(),
            issued);
    byte[] envelope = Envelope.sign(order, List.of(key)).bytes();
    return command.toBuilder().setDirector(UnsafeByteOperations.unsafeWrap(envelope)).build();
  }

  private Instant expires(DeviceCommand command, Instant issued) {
    Instant usual = issued.plus(valid);
    Instant own = Instant.ofEpochMilli(command.getExpiresAtMs()).truncatedTo(ChronoUnit.SECONDS);
    return command.getExpiresAtMs() > 0 && own.isBefore(usual) ? own : usual;
  }

  private static Order.Action action(DeviceCommand command) {
    return switch (command.getActionCase()) {
      case INSTALL -> Order.Action.INSTALL;
      case REVERT -> Order.Action.REVERT;
      case CANCEL -> Order.Action.CANCEL;
      case ACTION_NOT_SET ->
          throw new IllegalArgumentException("command: no action (expected: one)");
    };
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return "Director[" + key.publicKey().keyId() + ", " + valid + "]";
  }
}

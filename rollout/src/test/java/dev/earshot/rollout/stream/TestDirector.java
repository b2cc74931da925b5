package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.v1.DeviceCommand;
import java.time.Instant;
import java.util.Optional;

/** The keys of all tests here, and what a device knows of the director. */
final class TestDirector {
  static final LocalTrust TRUST =
      LocalTrust.ofSeed("rollout tests", Instant.parse("2100-01-01T00:00:00Z"));

  private TrustedDirector known = pinned();
  private Order last;

  private static TrustedDirector pinned() {
    try {
      return TrustedDirector.pinned(TRUST.firstDirectorRoot().bytes());
    } catch (TrustException e) {
      throw new AssertionError(e);
    }
  }

  /** As a device does: refuses an order that is not newer, or that is not of that command. */
  Order take(DeviceId device, DeviceCommand command, Instant now) {
    try {
      Order order = known.order(command.getDirector().toByteArray(), device, now);
      assertEquals(command.getCommandId(), order.commandId());
      assertEquals(command.getRollout(), order.rollout());
      assertEquals(command.getInstall().getTrialSeconds(), order.trialSeconds());
      assertEquals(command.getActionCase().name(), order.action().name());
      assertEquals(target(command), order.target());
      known = known.taken(order);
      last = order;
      return order;
    } catch (TrustException e) {
      throw new AssertionError(device + " refuses " + command, e);
    }
  }

  /** Follows the director's roots by one. */
  void follow(byte[] root) throws TrustException {
    known = known.withRoot(root);
  }

  /** The last one that was taken. */
  Order last() {
    return last;
  }

  private static Optional<Order.Target> target(DeviceCommand command) {
    String release =
        command.hasInstall() ? command.getInstall().getRelease() : command.getRevert().getRelease();
    return release.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Order.Target(
                ReleaseRef.parse(release).manifestPath(),
                release.length(),
                Digest.ofBytes(TestFleet.digest(release).toByteArray())));
  }
}

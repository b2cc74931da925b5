package dev.earshot.agent.trust;

import dev.earshot.agent.update.LastOrder;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.v1.DeviceCommand;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the director has ordered what a command asks for: of this device, in this command, for
 * this rollout, exactly this, and nothing newer before. What a command says beside (where to
 * download, why, under which conditions) is not signed and decides nothing about what runs.
 */
public final class OrderCheck {
  private OrderCheck() {}

  /**
   * The order in that command, checked.
   *
   * @param last what the device has taken before
   * @param clock what the device's clock shows
   * @throws TrustException when the command is not to be obeyed; nothing has changed then
   */
  public static LastOrder check(
      DeviceCommand command,
      DeviceId device,
      Envelope<Root> director,
      LastOrder last,
      Instant clock)
      throws TrustException {
    if (command.getDirector().isEmpty()) {
      throw new TrustException(
          TrustException.Reason.SIGNATURES, "the command carries no order of the director");
    }
    String keys = keys(director);
    boolean sameKeys = keys.equals(last.keys());
    Order order =
        new TrustedDirector(director, sameKeys ? last.version() : 0)
            .order(
                command.getDirector().toByteArray(),
                device,
                sameKeys ? latest(clock, last) : clock);
    requireFit(order, command);
    return new LastOrder(
        order.version(),
        Math.max(0, order.issued().toEpochMilli()),
        keys,
        order.target().map(Order.Target::length).orElse(0));
  }

  /** How late it is at least. */
  public static Instant latest(Instant clock, LastOrder last) {
    Instant told = Instant.ofEpochMilli(last.issuedMillis());
    return clock.isBefore(told) ? told : clock;
  }

  /** Names the keys that orders are signed with under that root. */
  public static String keys(Envelope<Root> director) {
    RoleKeys keys = director.metadata().keys(Root.Role.TARGETS);
    String all = keys.threshold() + " of " + String.join(" ", keys.keys().keySet());
    return Digest.of(all.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }

  private static void requireFit(Order order, DeviceCommand command) throws TrustException {
    require("command_id", order.commandId(), command.getCommandId());
    require("rollout", order.rollout(), command.getRollout());
    switch (command.getActionCase()) {
      case INSTALL -> {
        require("action", order.action(), Order.Action.INSTALL);
        requireTarget(
            order,
            command.getInstall().getRelease(),
            command.getInstall().getManifestDigest().toByteArray());
        require("trial_seconds", order.trialSeconds(), command.getInstall().getTrialSeconds());
      }
      case REVERT -> {
        require("action", order.action(), Order.Action.REVERT);
        requireTarget(
            order,
            command.getRevert().getRelease(),
            command.getRevert().getManifestDigest().toByteArray());
        require("trial_seconds", order.trialSeconds(), 0);
      }
      case CANCEL -> require("action", order.action(), Order.Action.CANCEL);
      case ACTION_NOT_SET -> {} // whatever it asks for, this agent can't do it and will say so
    }
  }

  private static void requireTarget(Order order, String release, byte[] manifestDigest)
      throws TrustException {
    Optional<Order.Target> target = order.target();
    if (target.isEmpty()) {
      throw new TrustException(
          TrustException.Reason.NOT_FOR_THIS, "director's order: it names no release");
    }
    String path;
    Digest digest;
    try {
      path = ReleaseRef.parse(release).manifestPath();
      digest = Digest.ofBytes(manifestDigest);
    } catch (IllegalArgumentException e) {
      throw new TrustException(TrustException.Reason.NOT_FOR_THIS, String.valueOf(e.getMessage()));
    }
    require("release", target.get().path(), path);
    require("manifest_digest", target.get().digest(), digest);
  }

  private static void require(String field, Object ordered, Object told) throws TrustException {
    if (!ordered.equals(told)) {
      throw new TrustException(
          TrustException.Reason.NOT_FOR_THIS,
          "director's order: " + field + " is " + ordered + ", the command says " + told);
    }
  }
}

package dev.earshot.protocol.trust;

import dev.earshot.protocol.DeviceId;
import java.time.Instant;

/**
 * What a device has found to be true of the director so far. Immutable.
 *
 * @param root its newest root
 * @param version of the last order that was taken; the next must be above
 */
public record TrustedDirector(Envelope<Root> root, long version) {

  /** Where trust begins. */
  public static TrustedDirector pinned(byte[] root) throws TrustException {
    return new TrustedDirector(TrustedRoot.pinned("director root.json", root), 0);
  }

  /** The name of the next root, should there be one. */
  public String nextRootFile() {
    return root.metadata().version() + 1 + ".root.json";
  }

  /**
   * Follows the chain by one. With other keys for orders the count begins anew: a thief may have
   * counted to the end.
   */
  public TrustedDirector withRoot(byte[] bytes) throws TrustException {
    Envelope<Root> next = TrustedRoot.next("director", root, bytes);
    boolean same =
        next.metadata().keys(Root.Role.TARGETS).equals(root.metadata().keys(Root.Role.TARGETS));
    return new TrustedDirector(next, same ? version : 0);
  }

  /** The version of the last order that was taken. */
  public TrustedDirector taken(Order order) {
    return new TrustedDirector(root, order.version());
  }

  /**
   * Reads an order for that device. That it fits the command that carries it is for the caller to
   * check.
   *
   * @param now at least as late as {@link Order#issued}, if that is later than the device's clock
   */
  public Order order(byte[] bytes, DeviceId device, Instant now) throws TrustException {
    String what = "director's order";
    Envelope<Order> envelope = Envelope.parse(what, bytes, Order.LONGEST, Order::decode);
    envelope.require(what, root.metadata().keys(Root.Role.TARGETS));
    Order order = envelope.metadata();
    Instant late = now.isBefore(order.issued()) ? order.issued() : now;
    TrustedRoot.requireFresh("director root.json", root.metadata(), late);
    TrustedRoot.requireFresh(what, order, late);
    if (!order.device().equals(device)) {
      throw new TrustException(
          TrustException.Reason.NOT_FOR_THIS, what + ": for " + order.device() + ", not " + device);
    }
    if (order.version() <= version) {
      throw new TrustException(
          TrustException.Reason.ROLLBACK,
          what + ": version " + order.version() + " (expected: above " + version + ")");
    }
    return order;
  }
}

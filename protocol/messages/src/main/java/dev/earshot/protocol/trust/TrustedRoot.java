package dev.earshot.protocol.trust;

import java.time.Instant;

/** Following a chain of roots, each signed by the one before and by itself. */
final class TrustedRoot {
  private TrustedRoot() {}

  /** The first one: pinned in the device, so that only its own signatures are asked for. */
  static Envelope<Root> pinned(String what, byte[] bytes) throws TrustException {
    Envelope<Root> root = Known.parse(what, bytes, Root.class, Root::decode);
    root.require(what, root.metadata().keys(Root.Role.ROOT));
    return root;
  }

  static Envelope<Root> next(String side, Envelope<Root> now, byte[] bytes) throws TrustException {
    long wanted = now.metadata().version() + 1;
    String what = side + " " + wanted + ".root.json";
    Envelope<Root> next = Known.parse(what, bytes, Root.class, Root::decode);
    next.require(what + " by the keys before", now.metadata().keys(Root.Role.ROOT));
    next.require(what, next.metadata().keys(Root.Role.ROOT));
    if (next.metadata().version() != wanted) {
      throw new TrustException(
          TrustException.Reason.ROLLBACK,
          what + ": is version " + next.metadata().version() + " (expected: " + wanted + ")");
    }
    return next;
  }

  static void requireFresh(String what, Metadata metadata, Instant now) throws TrustException {
    if (!now.isBefore(metadata.expires())) {
      throw new TrustException(
          TrustException.Reason.EXPIRED,
          what + " expired at " + metadata.expires() + ", it is " + now);
    }
  }
}

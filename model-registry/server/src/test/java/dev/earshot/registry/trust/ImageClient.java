package dev.earshot.registry.trust;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedImage;
import dev.earshot.registry.ledger.Side;
import java.time.Instant;
import java.util.Optional;

/** Follows the image side as a device does. */
final class ImageClient {
  private TrustedImage known;

  ImageClient(byte[] root) throws TrustException {
    known = TrustedImage.pinned(root);
  }

  /** The newest root's version that it has seen. */
  long root() {
    return known.root().version();
  }

  /** From the roots down to the targets. */
  void follow(TrustPlane registry, Instant now) throws TrustException {
    TrustedImage next = known;
    Optional<byte[]> root = file(registry, next.nextRootFile());
    while (root.isPresent()) {
      next = next.withRoot(root.get());
      root = file(registry, next.nextRootFile());
    }
    next = next.withTimestamp(require(registry, TrustedImage.TIMESTAMP), now);
    next = next.withSnapshot(require(registry, next.snapshotFile()), now);
    known = next.withTargets(require(registry, next.targetsFile()), now);
  }

  /** What is listed at that path, after {@link #follow}. */
  Targets.Target target(TrustPlane registry, String path, Instant now) throws TrustException {
    String role = known.role(path);
    return known.withRole(role, require(registry, known.roleFile(role)), now).target(path);
  }

  private static Optional<byte[]> file(TrustPlane registry, String name) {
    return registry.file(Side.IMAGE, name).map(ByteString::toByteArray);
  }

  private static byte[] require(TrustPlane registry, String name) {
    return file(registry, name).orElseThrow(() -> new AssertionError(name + " is not there"));
  }
}

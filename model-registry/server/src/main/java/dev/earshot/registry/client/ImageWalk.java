package dev.earshot.registry.client;

import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedImage;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Follows a registry's image side from a pinned root, in the order that a device does. */
public final class ImageWalk {
  private ImageWalk() {}

  /**
   * Down to the top-level targets.
   *
   * @param file a file of the image side by its name; empty when there is none
   * @throws TrustException saying what must not be believed, or is missing
   */
  public static TrustedImage targets(
      TrustedImage pinned, Function<String, Optional<byte[]>> file, Instant now)
      throws TrustException {
    TrustedImage known = pinned;
    for (int roots = 0; roots < TrustedImage.MOST_ROOTS; roots++) {
      Optional<byte[]> next = file.apply(known.nextRootFile());
      if (next.isEmpty()) {
        break;
      }
      known = known.withRoot(next.get());
    }
    known = known.withTimestamp(require(file, TrustedImage.TIMESTAMP), now);
    known = known.withSnapshot(require(file, known.snapshotFile()), now);
    return known.withTargets(require(file, known.targetsFile()), now);
  }

  static byte[] require(Function<String, Optional<byte[]>> file, String name)
      throws TrustException {
    return file.apply(name)
        .orElseThrow(
            () ->
                new TrustException(
                    TrustException.Reason.NOT_LISTED, name + " is not at the registry"));
  }
}

package dev.earshot.registry.client;

import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedImage;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Whether a signed manifest may be believed, from a pinned root on, as a device would find out. */
public final class ReleaseVerification {
  private ReleaseVerification() {}

  /**
   * Follows the image side and holds the manifest against it: signed by the keys of the role that
   * speaks for its name, and listed by that role with exactly these bytes.
   *
   * @param file a file of the image side by its name; empty when there is none
   * @param now by the fleet's clock
   * @throws IllegalArgumentException saying what does not hold
   */
  public static void require(
      SignedManifest signed,
      TrustedImage pinned,
      Function<String, Optional<byte[]>> file,
      Instant now) {
    String path = signed.manifest().release().manifestPath();
    try {
      TrustedImage image = ImageWalk.targets(pinned, file, now);
      String role = image.role(path);
      RoleKeys keys = image.delegation(role).keys();
      signed.requireSignedBy(keys.keys().values(), keys.threshold());
      Targets listed =
          image
              .withRole(role, ImageWalk.require(file, image.roleFile(role)), now)
              .listing(role)
              .orElseThrow();
      if (!signed.target().equals(listed.targets().get(path))) {
        throw new IllegalArgumentException(
            path
                + " is not listed by role "
                + role
                + " with these bytes (revoked, or not yet listed)");
      }
    } catch (TrustException e) {
      throw new IllegalArgumentException(
          "the registry's metadata can't be believed: " + e.getMessage(), e);
    }
  }
}

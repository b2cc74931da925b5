package dev.earshot.rollout.release;

import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That a release may run nowhere any more.
 *
 * @param by who revoked it; empty when the registry does not say
 * @param reason why, in the registry's words; may be empty
 */
public record Revocation(String release, String by, String reason) {
  /** Of a release that is revoked; empty for others, and for one that is not known. */
  public static Optional<Revocation> of(@Nullable ModelRelease release) {
    return release == null || release.getStatus() != ReleaseStatus.REVOKED
        ? Optional.empty()
        : Optional.of(
            new Revocation(
                release.getName() + ":" + release.getVersion(),
                release.getStatusChangedBy(),
                release.getStatusReason()));
  }

  /** Whether that release is revoked. */
  public static boolean isRevoked(@Nullable ModelRelease release) {
    return release != null && release.getStatus() == ReleaseStatus.REVOKED;
  }

  /** Such as {@code hey-nova:1.1.0 was revoked by ada: burns batteries}. */
  public String words() {
    return release
        + " was revoked"
        + (by.isEmpty() ? "" : " by " + by)
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  /** On whose behalf what follows happens. */
  public String actor() {
    return by.isEmpty() ? "registry" : by;
  }
}

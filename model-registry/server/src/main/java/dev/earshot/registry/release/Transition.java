package dev.earshot.registry.release;

import dev.earshot.protocol.v1.ReleaseStatus;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a {@link StatusChange} does to a release. */
public sealed interface Transition {
  /** The release as it is from now on. */
  record Moved(PublishedRelease release) implements Transition {}

  /** It had that status already; whoever said so first stays on record. */
  record Unchanged(PublishedRelease release) implements Transition {}

  /**
   * That way is not open.
   *
   * @param why for people, with the ways that are
   */
  record Illegal(String why) implements Transition {}

  /**
   * Where a release can go from a status: forward to approved, and aside to deprecated or revoked.
   * What is revoked stays revoked, because devices and mirrors were told to remove it.
   */
  static Set<ReleaseStatus> from(ReleaseStatus status) {
    return switch (status) {
      case DRAFT -> Set.of(ReleaseStatus.CANDIDATE, ReleaseStatus.REVOKED);
      case CANDIDATE ->
          Set.of(ReleaseStatus.APPROVED, ReleaseStatus.DEPRECATED, ReleaseStatus.REVOKED);
      case APPROVED -> Set.of(ReleaseStatus.DEPRECATED, ReleaseStatus.REVOKED);
      case DEPRECATED -> Set.of(ReleaseStatus.APPROVED, ReleaseStatus.REVOKED);
      case REVOKED, RELEASE_STATUS_UNSPECIFIED, UNRECOGNIZED -> Set.of();
    };
  }

  /** Pure: what that change does to that release. */
  static Transition apply(PublishedRelease release, StatusChange change) {
    if (release.status() == change.to()) {
      return new Unchanged(release);
    }
    if (!from(release.status()).contains(change.to())) {
      return new Illegal(
          "%s is %s and can't become %s (expected: %s)"
              .formatted(
                  release.ref(),
                  word(release.status()),
                  word(change.to()),
                  ways(release.status())));
    }
    return new Moved(release.changed(change));
  }

  /** {@code approved} for APPROVED. */
  static String word(ReleaseStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static String ways(ReleaseStatus status) {
    List<String> open = from(status).stream().sorted().map(Transition::word).toList();
    return open.isEmpty() ? "nothing; this is final" : "one of " + String.join(", ", open);
  }
}

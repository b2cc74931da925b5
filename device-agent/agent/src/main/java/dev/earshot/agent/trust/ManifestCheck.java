package dev.earshot.agent.trust;

import dev.earshot.agent.update.Job;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.v1.UpdateResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether this device may install what the director ordered and the image side lists. Both must
 * agree on the exact bytes of the manifest, and what the manifest says must fit this device.
 */
public final class ManifestCheck {
  private final String chip;

  /**
   * @param chip of this device, such as {@code ndp120}
   */
  public ManifestCheck(String chip) {
    this.chip = chip;
  }

  /**
   * Before the manifest is fetched: director and image side agree, and it is for this device.
   *
   * @param orderedLength of the manifest, as the order says
   * @param floor the counter that an install must exceed; a revert may go below it, because the
   *     director asked for that in so many words
   */
  public Optional<Verdict.Refused> listed(Listed listed, Job job, int orderedLength, int floor) {
    Targets.Target target = listed.target();
    if (!target.digest().equals(job.manifestDigest()) || target.length() != orderedLength) {
      return Optional.of(
          refused(
              UpdateResult.INTEGRITY_CHECK_FAILURE,
              "%s is ordered with %d bytes of %s, its publisher lists %d of %s"
                  .formatted(
                      job.release(),
                      orderedLength,
                      job.manifestDigest().abbreviated(),
                      target.length(),
                      target.digest().abbreviated())));
    }
    return fit(job, target.chips(), target.counter(), floor);
  }

  /** The manifest that was fetched: the listed bytes, the publisher's signatures, the same facts. */
  public Verdict fetched(byte[] envelope, Listed listed, Job job, int floor, Instant now) {
    if (envelope.length != listed.target().length()) {
      return refused(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          "manifest has %d bytes (expected: %d)"
              .formatted(envelope.length, listed.target().length()));
    }
    Verdict verdict = stored(envelope, job, floor, false, now);
    if (!(verdict instanceof Verdict.Accepted(SignedManifest signed))) {
      return verdict;
    }
    ReleaseManifest manifest = signed.manifest();
    if (manifest.counter() != listed.target().counter()
        || !manifest.chips().equals(listed.target().chips())) {
      return refused(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          "manifest has counter %d for %s, its publisher lists counter %d for %s"
              .formatted(
                  manifest.counter(),
                  manifest.chips(),
                  listed.target().counter(),
                  listed.target().chips()));
    }
    try {
      SignedManifests.requireSigned(signed, listed.publisher());
      return verdict;
    } catch (IllegalArgumentException e) {
      return refused(UpdateResult.INTEGRITY_CHECK_FAILURE, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The manifest as it lies in a slot: it was checked with all signatures before it was written
   * there, so that its digest vouches for it.
   *
   * @param inPlace the release was installed before: it may have expired since
   */
  public Verdict stored(byte[] envelope, Job job, int floor, boolean inPlace, Instant now) {
    Digest digest = Digest.of(envelope);
    if (!digest.equals(job.manifestDigest())) {
      return refused(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          "manifest is "
              + digest.abbreviated()
              + ", the command names "
              + job.manifestDigest().abbreviated());
    }
    SignedManifest signed;
    try {
      signed = SignedManifests.parse(digest, envelope);
    } catch (IllegalArgumentException e) {
      return refused(UpdateResult.INTEGRITY_CHECK_FAILURE, String.valueOf(e.getMessage()));
    }
    ReleaseManifest manifest = signed.manifest();
    if (!manifest.release().equals(job.release())) {
      return refused(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          "manifest is of " + manifest.release() + ", the command names " + job.release());
    }
    if (!inPlace && !now.isBefore(manifest.expires())) {
      return refused(
          UpdateResult.UPDATE_FAILED, job.release() + " expired at " + manifest.expires());
    }
    return fit(job, manifest.chips(), manifest.counter(), floor)
        .<Verdict>map(refused -> refused)
        .orElseGet(() -> new Verdict.Accepted(signed));
  }

  private Optional<Verdict.Refused> fit(Job job, List<String> chips, int counter, int floor) {
    if (!chips.contains(chip)) {
      return Optional.of(
          refused(
              UpdateResult.UNSUPPORTED_PACKAGE_TYPE,
              job.release() + " is for " + String.join(", ", chips) + ", not " + chip));
    }
    if (!job.revert() && counter <= floor) {
      return Optional.of(
          refused(
              UpdateResult.UPDATE_FAILED,
              job.release()
                  + " has counter "
                  + counter
                  + " (expected: above "
                  + floor
                  + ", which was committed here)"));
    }
    return Optional.empty();
  }

  private static Verdict.Refused refused(UpdateResult result, String text) {
    return new Verdict.Refused(result, text);
  }
}

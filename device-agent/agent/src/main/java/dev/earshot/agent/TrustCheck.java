package dev.earshot.agent;

import dev.earshot.agent.update.Job;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.UpdateResult;
import java.time.Instant;

/**
 * Whether this device may install what came. Both sides must agree: the command (director) named
 * these exact bytes, and the publisher (image) signed them for this chip.
 */
final class TrustCheck {
  private final PublisherTrust trust;
  private final String chip;

  TrustCheck(PublisherTrust trust, String chip) {
    this.trust = trust;
    this.chip = chip;
  }

  sealed interface Verdict {
    record Accepted(SignedManifest signed) implements Verdict {}

    record Refused(UpdateResult result, String text) implements Verdict {}
  }

  /**
   * In the order of cost and of trust: bytes, signature, then what the manifest says.
   *
   * @param floor the counter that an install must exceed; a revert may go below it, because the
   *     director asked for that in so many words
   * @param inPlace the release lies in the other slot and was installed before: it may have expired
   *     since
   */
  Verdict check(byte[] envelope, Job job, int floor, boolean inPlace, Instant now) {
    Digest digest = Digest.of(envelope);
    if (!digest.equals(job.manifestDigest())) {
      return refused(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          "manifest is " + digest.abbreviated() + ", the command names " + abbreviated(job));
    }
    SignedManifest signed;
    try {
      signed = trust.verify(envelope);
    } catch (IllegalArgumentException e) {
      return refused(UpdateResult.INTEGRITY_CHECK_FAILURE, String.valueOf(e.getMessage()));
    }
    ReleaseManifest manifest = signed.manifest();
    if (!manifest.release().equals(job.release())) {
      return refused(
          UpdateResult.INTEGRITY_CHECK_FAILURE,
          "manifest is of " + manifest.release() + ", the command names " + job.release());
    }
    if (!manifest.chips().contains(chip)) {
      return refused(
          UpdateResult.UNSUPPORTED_PACKAGE_TYPE,
          job.release() + " is for " + String.join(", ", manifest.chips()) + ", not " + chip);
    }
    if (!inPlace && !now.isBefore(manifest.expires())) {
      return refused(
          UpdateResult.UPDATE_FAILED, job.release() + " expired at " + manifest.expires());
    }
    if (!job.revert() && manifest.counter() <= floor) {
      return refused(
          UpdateResult.UPDATE_FAILED,
          job.release()
              + " has counter "
              + manifest.counter()
              + " (expected: above "
              + floor
              + ", which was committed here)");
    }
    return new Verdict.Accepted(signed);
  }

  private static String abbreviated(Job job) {
    return job.manifestDigest().abbreviated();
  }

  private static Verdict refused(UpdateResult result, String text) {
    return new Verdict.Refused(result, text);
  }
}

package dev.earshot.registry.release;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A release that passed the gate.
 *
 * @param signed its manifest, exactly as published
 * @param digest of the manifest's bytes: the identity of the release
 * @param status where it stands
 * @param publishedAt when, by the fleet's clock
 * @param changed the decision that gave it its status; empty when it has its first
 */
public record PublishedRelease(
    SignedManifest signed,
    Digest digest,
    ReleaseStatus status,
    Instant publishedAt,
    Optional<StatusChange> changed) {

  /** A release that has just passed: a candidate, until somebody approves it. */
  public static PublishedRelease candidate(SignedManifest signed, Instant now) {
    return new PublishedRelease(
        signed,
        signed.digest(),
        ReleaseStatus.CANDIDATE,
        now.truncatedTo(ChronoUnit.MILLIS),
        Optional.empty());
  }

  /** A release that has just passed but is not offered to anybody yet. */
  public static PublishedRelease draft(SignedManifest signed, Instant now) {
    return new PublishedRelease(
        signed,
        signed.digest(),
        ReleaseStatus.DRAFT,
        now.truncatedTo(ChronoUnit.MILLIS),
        Optional.empty());
  }

  /** The release after that decision, which {@link Transition#apply} allowed. */
  PublishedRelease changed(StatusChange change) {
    return new PublishedRelease(signed, digest, change.to(), publishedAt, Optional.of(change));
  }

  /**
   * Reads what {@link #message} wrote.
   *
   * @throws IllegalArgumentException when the message contradicts itself
   */
  public static PublishedRelease of(ModelRelease message) {
    SignedManifest signed = SignedManifest.parse(message.getManifest().toByteArray());
    Digest said = Digest.ofBytes(message.getManifestDigest().toByteArray());
    ReleaseRef ref = new ReleaseRef(message.getName(), message.getVersion());
    if (!signed.digest().equals(said) || !signed.manifest().release().equals(ref)) {
      throw new IllegalArgumentException(
          "record " + ref + " " + said + ": its manifest is " + signed.digest());
    }
    return new PublishedRelease(
        signed,
        said,
        message.getStatus(),
        Instant.ofEpochMilli(message.getPublishedAtMs()),
        message.getStatusChangedAtMs() == 0
            ? Optional.empty()
            : Optional.of(
                new StatusChange(
                    message.getStatus(),
                    message.getStatusReason(),
                    message.getStatusChangedBy(),
                    Instant.ofEpochMilli(message.getStatusChangedAtMs()))));
  }

  public ReleaseManifest manifest() {
    return signed.manifest();
  }

  public ReleaseRef ref() {
    return signed.manifest().release();
  }

  /** As the release topic carries it. */
  public ModelRelease message() {
    ReleaseManifest manifest = manifest();
    ModelRelease.Builder message = ModelRelease.newBuilder();
    changed.ifPresent(
        change ->
            message
                .setStatusChangedAtMs(change.at().toEpochMilli())
                .setStatusChangedBy(change.by())
                .setStatusReason(change.reason()));
    return message
        .setName(ref().name())
        .setVersion(ref().version())
        .setCounter(manifest.counter())
        .addAllChips(manifest.chips())
        .setManifest(ByteString.copyFrom(signed.bytes().toArray()))
        .setManifestDigest(ByteString.copyFrom(digest.bytes()))
        .setModelDigest(ByteString.copyFrom(manifest.model().digest().bytes()))
        .setModelLength(manifest.model().length())
        .setStatus(status)
        .setPublishedAtMs(publishedAt.toEpochMilli())
        .build();
  }
}

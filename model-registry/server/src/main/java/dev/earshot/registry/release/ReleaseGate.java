package dev.earshot.registry.release;

import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a release must prove before it is published, in this order: its envelope reads, a trusted
 * publisher signed it, its files are there, the engine runs its model on every declared chip, the
 * self-test reproduces bit by bit, and evaluation and card are about this very release. What can't
 * be accounted for is refused. Thread-safe; blocks.
 */
public final class ReleaseGate {
  private static final int SIGNATURES_NEEDED = 1;

  private final BlobStore blobs;
  private final List<SigningKey.Public> trusted;
  private final InstantSource clock;
  private final ModelProof proof = new ModelProof();

  /**
   * @param trusted publishers; when there is none, everything is refused
   * @param clock the fleet's, which expiry is measured by
   */
  public ReleaseGate(BlobStore blobs, List<SigningKey.Public> trusted, InstantSource clock) {
    this.blobs = blobs;
    this.trusted = List.copyOf(trusted);
    this.clock = clock;
  }

  /** The outcome of a check. */
  public sealed interface Verdict {
    /** All of it holds. */
    record Passed(SignedManifest signed) implements Verdict {}

    /** The first thing that does not hold. */
    record Failed(Refusal refusal) implements Verdict {}
  }

  /** Only what the envelope itself shows: it reads, and a trusted publisher signed it. */
  public Verdict checkSignature(byte[] envelope) {
    SignedManifest signed;
    try {
      signed = SignedManifest.parse(envelope);
    } catch (IllegalArgumentException e) {
      return failed(RefusalReason.UNREADABLE_MANIFEST, "manifest", String.valueOf(e.getMessage()));
    }
    if (trusted.isEmpty()) {
      return failed(
          RefusalReason.UNTRUSTED_SIGNATURE,
          "signatures",
          "this registry trusts no publisher, so it accepts no release (fix: set"
              + " EARSHOT_PUBLISHER_KEYS to the publishers' public keys)");
    }
    try {
      signed.requireSignedBy(trusted, SIGNATURES_NEEDED);
    } catch (IllegalArgumentException e) {
      return failed(
          RefusalReason.UNTRUSTED_SIGNATURE, "signatures", String.valueOf(e.getMessage()));
    }
    return new Verdict.Passed(signed);
  }

  /**
   * Everything else, for an envelope whose signature holds.
   *
   * @throws UncheckedIOException when the blob store can't be read; that says nothing about the
   *     release
   */
  public Verdict checkContent(SignedManifest signed) {
    ReleaseManifest manifest = signed.manifest();
    try {
      requireUnexpired(manifest);
      ReleaseContent files = content(manifest);
      proof.require(manifest, files.of(ReleaseFile.MODEL), files.of(ReleaseFile.SELF_TEST));
      requireEvaluation(manifest, files.of(ReleaseFile.EVALUATION));
      requireCard(manifest, files.of(ReleaseFile.CARD));
      return new Verdict.Passed(signed);
    } catch (RefusedException e) {
      return new Verdict.Failed(e.refusal());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireUnexpired(ReleaseManifest manifest) throws RefusedException {
    Instant now = clock.instant();
    if (!manifest.expires().isAfter(now)) {
      throw new RefusedException(
          RefusalReason.EXPIRED,
          "expires",
          "expires: " + manifest.expires() + " has passed (expected: after " + now + ")");
    }
  }

  /** Reads all four files, or says which of them are not there. */
  private ReleaseContent content(ReleaseManifest manifest) throws IOException, RefusedException {
    Map<ReleaseFile, StoredBlob> found = new EnumMap<>(ReleaseFile.class);
    List<Problem.FieldError> errors = new ArrayList<>();
    for (ReleaseFile file : ReleaseFile.values()) {
      ReleaseManifest.Target target = file.in(manifest);
      Optional<StoredBlob> blob = blobs.claim(target.digest());
      String field = "targets." + file.fileName();
      if (blob.isEmpty()) {
        errors.add(new Problem.FieldError(field, target.digest() + " was not uploaded"));
      } else if (blob.get().length() != target.length()) {
        errors.add(
            new Problem.FieldError(
                field,
                "length: %d (expected: %d, the blob's)"
                    .formatted(target.length(), blob.get().length())));
      } else {
        found.put(file, blob.get());
      }
    }
    if (!errors.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              RefusalReason.MISSING_BLOB,
              errors.size() + " of 4 files are not here as the manifest says (fix: upload first)",
              errors));
    }
    Map<ReleaseFile, byte[]> content = new EnumMap<>(ReleaseFile.class);
    for (Map.Entry<ReleaseFile, StoredBlob> entry : found.entrySet()) {
      content.put(entry.getKey(), blobs.read(entry.getValue()));
    }
    return new ReleaseContent(content);
  }

  private static void requireEvaluation(ReleaseManifest manifest, byte[] json)
      throws RefusedException {
    String field = ReleaseFile.EVALUATION.fileName();
    Evaluation evaluation;
    try {
      evaluation = EvaluationReader.parse(json);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          RefusalReason.WRONG_EVALUATION, field, field + ": " + e.getMessage());
    }
    List<Problem.FieldError> errors = new ArrayList<>();
    compare(errors, "release", evaluation.release(), manifest.release().toString());
    compare(errors, "modelDigest", evaluation.modelDigest(), manifest.model().digest().toString());
    compare(
        errors,
        "thresholdScore",
        evaluation.thresholdScore(),
        manifest.detector().thresholdScore());
    if (!errors.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              RefusalReason.WRONG_EVALUATION,
              field + ": measured something else than what is released",
              errors));
    }
  }

  private static void compare(
      List<Problem.FieldError> errors, String field, Object measured, Object released) {
    if (!measured.equals(released)) {
      errors.add(
          new Problem.FieldError(
              ReleaseFile.EVALUATION.fileName() + "." + field,
              measured + " (expected: " + released + ", as released)"));
    }
  }

  private static void requireCard(ReleaseManifest manifest, byte[] yaml) throws RefusedException {
    String field = ReleaseFile.CARD.fileName();
    List<String> contradictions;
    try {
      contradictions = ReleaseCard.parse(yaml).contradictions(manifest);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(RefusalReason.WRONG_CARD, field, field + ": " + e.getMessage());
    }
    if (!contradictions.isEmpty()) {
      throw new RefusedException(
          RefusalReason.WRONG_CARD, field, field + ": " + String.join("; ", contradictions));
    }
  }

  private static Verdict failed(RefusalReason reason, String field, String detail) {
    return new Verdict.Failed(Refusal.of(reason, field, detail));
  }
}

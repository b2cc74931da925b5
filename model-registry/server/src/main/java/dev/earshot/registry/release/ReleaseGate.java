package dev.earshot.registry.release;

import dev.earshot.ndp.ModelSummary;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.ledger.SignedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a release must prove before it is published, in this order: its envelope reads, a trusted
 * publisher signed it, its files are there, the engine runs its model on every declared chip, the
 * self-test reproduces bit by bit and shows that it can wake, the evaluation is about this very
 * release and does not contradict itself or the engine, and so does the card, whose parent is
 * published. What can't be accounted for is refused. Thread-safe; blocks.
 */
public final class ReleaseGate {
  private final BlobStore blobs;
  private final Supplier<RegistryState> state;
  private final InstantSource clock;
  private final ModelProof proof = new ModelProof();

  /**
   * @param state whose signed metadata says which publisher speaks for which release; while there
   *     is none, everything is refused
   * @param clock the fleet's, which expiry is measured by
   */
  public ReleaseGate(BlobStore blobs, Supplier<RegistryState> state, InstantSource clock) {
    this.blobs = blobs;
    this.state = state;
    this.clock = clock;
  }

  /** The outcome of a check. */
  public sealed interface Verdict {
    /** All of it holds. */
    record Passed(SignedManifest signed) implements Verdict {}

    /** The first thing that does not hold. */
    record Failed(Refusal refusal) implements Verdict {}
  }

  /**
   * Only what the envelope itself shows: it reads, and the publisher who speaks for it signed it.
   */
  public Verdict checkSignature(byte[] envelope) {
    SignedManifest signed;
    try {
      signed = SignedManifest.parse(envelope);
    } catch (IllegalArgumentException e) {
      return failed(RefusalReason.UNREADABLE_MANIFEST, "manifest", String.valueOf(e.getMessage()));
    }
    String path = signed.manifest().release().manifestPath();
    Optional<ImageRepository> image = state.get().signed().map(SignedFiles::image);
    if (image.flatMap(ImageRepository::targets).isEmpty()) {
      return failed(
          RefusalReason.UNTRUSTED_SIGNATURE,
          "signatures",
          image.isEmpty()
              ? "this registry trusts nobody, so it accepts no release (fix: set EARSHOT_TRUST_DIR"
                  + " to the folder that 'earshot trust init' made)"
              : "there is no targets.json yet that says who may publish (fix: 'earshot trust push"
                  + " DIR --registry URL' with the folder that 'earshot trust init' made)");
    }
    Optional<Targets.Delegation> speaker = image.get().delegation(path);
    if (speaker.isEmpty()) {
      return failed(
          RefusalReason.UNTRUSTED_SIGNATURE,
          "custom.release",
          "nobody may publish " + path + " (fix: 'earshot trust delegate')");
    }
    RoleKeys keys = speaker.get().keys();
    try {
      signed.requireSignedBy(keys.keys().values(), keys.threshold());
    } catch (IllegalArgumentException e) {
      return failed(
          RefusalReason.UNTRUSTED_SIGNATURE,
          "signatures",
          e.getMessage() + ", of the role " + speaker.get().name());
    }
    return new Verdict.Passed(signed);
  }

  /**
   * Everything else, for an envelope whose signature holds.
   *
   * @param catalog what is published already; a parent must be
   * @throws UncheckedIOException when the blob store can't be read; that says nothing about the
   *     release
   */
  public Verdict checkContent(SignedManifest signed, ReleaseCatalog catalog) {
    ReleaseManifest manifest = signed.manifest();
    try {
      requireUnexpired(manifest);
      ReleaseContent files = content(manifest);
      ModelSummary model =
          proof.require(manifest, files.of(ReleaseFile.MODEL), files.of(ReleaseFile.SELF_TEST));
      requireEvaluation(manifest, files.of(ReleaseFile.EVALUATION), model);
      requireCard(manifest, files.of(ReleaseFile.CARD), catalog);
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

  private static void requireEvaluation(ReleaseManifest manifest, byte[] json, ModelSummary model)
      throws RefusedException {
    String field = ReleaseFile.EVALUATION.fileName();
    Evaluation evaluation;
    try {
      evaluation = EvaluationReader.parseStrictly(json);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          RefusalReason.WRONG_EVALUATION, field, field + ": " + e.getMessage());
    }
    List<Problem.FieldError> errors = EvaluationCheck.of(manifest, evaluation, model);
    if (!errors.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              RefusalReason.WRONG_EVALUATION,
              "%s: %d of its figures can't be accounted for: %s %s"
                  .formatted(
                      field, errors.size(), errors.getFirst().field(), errors.getFirst().message()),
              errors));
    }
  }

  private static void requireCard(ReleaseManifest manifest, byte[] yaml, ReleaseCatalog catalog)
      throws RefusedException {
    String field = ReleaseFile.CARD.fileName();
    ReleaseCard card;
    try {
      card = ReleaseCard.parse(yaml);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(RefusalReason.WRONG_CARD, field, field + ": " + e.getMessage());
    }
    List<String> contradictions = card.contradictions(manifest);
    if (!contradictions.isEmpty()) {
      throw new RefusedException(
          RefusalReason.WRONG_CARD, field, field + ": " + String.join("; ", contradictions));
    }
    requireParent(card, catalog);
  }

  /** A parent that was revoked is fine: its successor may be what repairs it. */
  private static void requireParent(ReleaseCard card, ReleaseCatalog catalog)
      throws RefusedException {
    ReleaseRef parent = card.lineage().parent();
    if (parent == null) {
      return;
    }
    String field = ReleaseFile.CARD.fileName() + ".lineage.parent";
    Optional<PublishedRelease> known = catalog.find(parent);
    if (known.isEmpty()) {
      throw new RefusedException(
          RefusalReason.UNKNOWN_PARENT,
          field,
          field + ": " + parent + " is not published here (fix: publish it first)");
    }
    if (parent.name().equals(card.release().name())
        && known.get().manifest().counter() >= card.counter()) {
      throw new RefusedException(
          RefusalReason.UNKNOWN_PARENT,
          field,
          "%s: %s has counter %d (expected: below this release's, %d)"
              .formatted(field, parent, known.get().manifest().counter(), card.counter()));
    }
  }

  private static Verdict failed(RefusalReason reason, String field, String detail) {
    return new Verdict.Failed(Refusal.of(reason, field, detail));
  }
}

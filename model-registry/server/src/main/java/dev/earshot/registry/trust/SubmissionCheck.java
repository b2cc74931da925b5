package dev.earshot.registry.trust;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.ledger.SignedFiles;
import dev.earshot.registry.release.PublishedRelease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether signed metadata may be taken, at one state and one instant. */
final class SubmissionCheck {
  private final RegistryState state;
  private final SignedFiles signed;
  private final OnlineKeys online;
  private final Instant now;

  SubmissionCheck(RegistryState state, SignedFiles signed, OnlineKeys online, Instant now) {
    this.state = state;
    this.signed = signed;
    this.online = online;
    this.now = now;
  }

  static Submission unavailable(String detail) {
    return Submission.Refused.of(ProblemType.UNAVAILABLE, "file", detail);
  }

  /** The name is taken: no harm when it is the same file. */
  static Submission present(Submitted submitted, ByteString present) {
    return present.equals(ByteString.copyFrom(submitted.bytes()))
        ? new Submission.AlreadyThere()
        : Submission.Refused.of(
            ProblemType.CONFLICT,
            "version",
            "%s of the %s side is there with other content, %s (expected: the next version; fetch the newest and sign again)"
                .formatted(
                    submitted.file(), submitted.side().word(), Digest.of(present.toByteArray())));
  }

  /** What the name alone shows. */
  Optional<Submission.Refused> early(Submitted submitted) {
    MetadataFile file = submitted.file();
    if (file.isOnline()) {
      return Optional.of(
          Submission.Refused.of(
              ProblemType.FORBIDDEN,
              "file",
              file + ": snapshot and timestamp are signed by the registry itself"));
    }
    if (submitted.side() == Side.DIRECTOR && !file.isRoot()) {
      return Optional.of(
          Submission.Refused.of(
              ProblemType.FORBIDDEN,
              "file",
              file + ": only roots of the director are kept here (its orders travel in commands)"));
    }
    if (submitted.side() == Side.IMAGE && file.isDelegated() && !isDelegated(file.role())) {
      return Optional.of(
          Submission.Refused.of(
              ProblemType.SIGNATURE_REFUSED,
              "file",
              file
                  + ": "
                  + signed
                      .image()
                      .targets()
                      .map(
                          top ->
                              "targets "
                                  + top.version()
                                  + " names no role '"
                                  + file.role()
                                  + "' (it names: "
                                  + String.join(
                                      ", ",
                                      top.delegations().stream()
                                          .map(Targets.Delegation::name)
                                          .toList())
                                  + ")")
                      .orElse("there is no targets.json yet (fix: send 1.targets.json first)")));
    }
    long expected = newest(submitted) + 1;
    return file.version() == expected
        ? Optional.empty()
        : Optional.of(
            Submission.Refused.of(
                ProblemType.CONFLICT,
                "version",
                "%s: version %d (expected: %d, the next)"
                    .formatted(file, file.version(), expected)));
  }

  private boolean isDelegated(String role) {
    return signed.image().targets().flatMap(top -> top.delegation(role)).isPresent();
  }

  private long newest(Submitted submitted) {
    MetadataFile file = submitted.file();
    if (file.isRoot()) {
      return signed.rootVersion(submitted.side());
    }
    Optional<Targets> known =
        file.isTargets() ? signed.image().targets() : signed.image().role(file.role());
    return known.map(Targets::version).orElse(0L);
  }

  /** A root of the director continues its chain. */
  void director(Submitted submitted) throws TrustException {
    var read = submitted.file().read(submitted.bytes());
    requireFuture(submitted.file(), read.metadata().expires());
    var _ = signed.director().withRoot(submitted.bytes());
  }

  private void requireFuture(MetadataFile file, Instant expires) throws TrustException {
    if (!expires.isAfter(now)) {
      throw new TrustException(
          TrustException.Reason.EXPIRED, file + " expired at " + expires + ", it is " + now);
    }
  }

  /** The image side with the new file; signatures and versions are checked by it. */
  ImageRepository image(Submitted submitted) throws TrustException {
    MetadataFile file = submitted.file();
    var read = file.read(submitted.bytes());
    requireFuture(file, read.metadata().expires());
    ImageRepository before = signed.image();
    ImageRepository next =
        file.isRoot()
            ? before.withRoot(submitted.bytes())
            : file.isTargets()
                ? before.withTargets(submitted.bytes(), now)
                : before.withRole(file.role(), submitted.bytes(), now);
    if (file.isRoot()) {
      String problem = online.problem(next);
      if (!problem.isEmpty()) {
        throw new TrustException(
            TrustException.Reason.SIGNATURES,
            file + " would leave clients without a timestamp: the registry " + problem);
      }
    }
    if (!submitted.breaking()) {
      next.requireWhole();
    }
    return next;
  }

  /** Only releases that were published here and were not revoked may be listed. */
  Optional<Submission.Refused> content(Submitted submitted, ImageRepository next) {
    MetadataFile file = submitted.file();
    Map<String, Targets.Target> listed =
        file.isRoot()
            ? Map.of()
            : (file.isTargets() ? next.targets() : next.role(file.role()))
                .map(Targets::targets)
                .orElse(Map.of());
    List<Problem.FieldError> errors = new ArrayList<>();
    listed.forEach(
        (path, target) ->
            wrong(path, target)
                .ifPresent(why -> errors.add(new Problem.FieldError("targets." + path, why))));
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Submission.Refused(
                ProblemType.MODEL_REFUSED,
                "%s lists what can't be installed: %s".formatted(file, errors.getFirst().message()),
                errors));
  }

  private Optional<String> wrong(String path, Targets.Target target) {
    Optional<PublishedRelease> release = published(path);
    if (release.isEmpty()) {
      return Optional.of(path + " is not a published release (fix: publish it first)");
    }
    if (!release.get().signed().target().equals(target)) {
      return Optional.of(
          "%s is %s (expected: %s, as published)"
              .formatted(path, target, release.get().signed().target()));
    }
    return release.get().status() == ReleaseStatus.REVOKED
        ? Optional.of(path + " is revoked (fix: leave it out)")
        : Optional.empty();
  }

  private Optional<PublishedRelease> published(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      ReleaseRef ref = new ReleaseRef(parts[0], parts[1]);
      return ref.manifestPath().equals(path) ? state.catalog().find(ref) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** How HTTP tells what the trust chain says. */
  static Submission refused(Submitted submitted, TrustException e) {
    String detail = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case MALFORMED -> Submission.Refused.of(ProblemType.INVALID_REQUEST, "signed", detail);
      case ROLLBACK -> Submission.Refused.of(ProblemType.CONFLICT, "version", detail);
      case EXPIRED -> Submission.Refused.of(ProblemType.SIGNATURE_REFUSED, "expires", detail);
      case SIGNATURES ->
          Submission.Refused.of(
              ProblemType.SIGNATURE_REFUSED, "signatures", detail + advice(submitted));
      case MISMATCH, NOT_LISTED, NOT_FOR_THIS ->
          Submission.Refused.of(ProblemType.SIGNATURE_REFUSED, "targets", detail);
    };
  }

  private static String advice(Submitted submitted) {
    if (submitted.file().isRoot()) {
      return " (fix: when this root changes the targets' keys, first send the next targets.json,"
          + " signed by the old and the new keys)";
    }
    return submitted.file().isTargets()
        ? " (fix: when this changes a role's keys, first send that role's next document, signed by"
            + " the old and the new keys)"
        : "";
  }
}

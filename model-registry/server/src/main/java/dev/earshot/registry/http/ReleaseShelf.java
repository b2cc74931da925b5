package dev.earshot.registry.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.ledger.Alias;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.query.Facts;
import dev.earshot.registry.release.DetailsReader;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.registry.release.ReleaseView.Extent;
import java.util.List;
import java.util.Optional;

/** Finds what requests name, and shows it. What touches files blocks. */
final class ReleaseShelf {
  private final RegistryLedger ledger;
  private final DetailsReader details;

  ReleaseShelf(RegistryLedger ledger, DetailsReader details) {
    this.ledger = ledger;
    this.details = details;
  }

  RegistryState state() {
    return ledger.state();
  }

  /**
   * Before everything was read, "there is none" would be a guess.
   *
   * @throws ProblemException when that is so
   */
  void requireRead() {
    if (!ledger.problem().isEmpty()) {
      throw new ProblemException(ProblemType.UNAVAILABLE, "the registry " + ledger.problem());
    }
  }

  PublishedRelease find(ReleaseRef ref) {
    Optional<PublishedRelease> release = state().catalog().find(ref);
    if (release.isEmpty()) {
      requireRead();
      throw new ProblemException(
          ProblemType.NOT_FOUND, "release " + ref + " is not published here");
    }
    return release.get();
  }

  Alias find(Alias.Key key) {
    Optional<Alias> alias = state().alias(key);
    if (alias.isEmpty()) {
      requireRead();
      throw new ProblemException(ProblemType.NOT_FOUND, "there is no alias " + key);
    }
    return alias.get();
  }

  /**
   * A release by version or by alias.
   *
   * @param text {@code name:version} or {@code name@alias}
   */
  PublishedRelease resolve(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? find(ReleaseRef.parse(text))
        : find(find(new Alias.Key(text.substring(0, at), text.substring(at + 1))).release());
  }

  /** Blocks. */
  ReleaseDetails details(PublishedRelease release) {
    return details
        .find(release)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemType.UNAVAILABLE,
                    "the files of " + release.ref() + " are not at hand here"));
  }

  /** Blocks at the release's first use. */
  Facts facts(RegistryState at, PublishedRelease release) {
    return Facts.of(release, details.find(release), aliases(at, release.ref()));
  }

  /** Blocks at the release's first use. */
  byte[] view(PublishedRelease release) {
    return Answers.json(
        ReleaseView.of(
            release, details.find(release), aliases(state(), release.ref()), Extent.FULL));
  }

  private static List<String> aliases(RegistryState at, ReleaseRef ref) {
    return at.aliases().stream()
        .filter(alias -> alias.release().equals(ref))
        .map(alias -> alias.key().alias())
        .toList();
  }
}

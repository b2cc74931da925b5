package dev.earshot.registry.release;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.registry.ledger.Alias;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators decide about published releases: their status, and what aliases stand for. Every
 * decision names what it was based on and is refused when that has changed. Thread-safe; blocks,
 * and throws {@link dev.earshot.registry.ledger.LedgerUnavailableException} when the ledger does.
 */
public final class ReleaseDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseDesk.class);

  private final RegistryLedger ledger;
  private final InstantSource clock;

  /**
   * @param clock the fleet's, which decisions are dated by
   */
  public ReleaseDesk(RegistryLedger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** What became of a decision. */
  public sealed interface Outcome<T> {
    /** It is recorded, or was the case already. */
    record Done<T>(T now) implements Outcome<T> {}

    /** What it was based on has changed. */
    record Stale<T>() implements Outcome<T> {}

    /** It is not allowed; says why, and what is. */
    record Illegal<T>(String why) implements Outcome<T> {}
  }

  /**
   * Changes the status of a release.
   *
   * @param seen the release as whoever decided saw it
   * @throws IllegalArgumentException when reason or actor are not one line of limited length
   */
  public Outcome<PublishedRelease> status(
      PublishedRelease seen, ReleaseStatus to, String reason, String by) {
    StatusChange change = new StatusChange(to, reason, by, clock.instant());
    Outcome<PublishedRelease> outcome = ledger.transact(state -> decide(state, seen, change));
    if (outcome instanceof Outcome.Done<PublishedRelease>(PublishedRelease now)) {
      LOG.info("Release {} is {}: {} ({})", now.ref(), Transition.word(now.status()), reason, by);
    }
    return outcome;
  }

  private static Change<Outcome<PublishedRelease>> decide(
      RegistryState state, PublishedRelease seen, StatusChange change) {
    Optional<PublishedRelease> now = state.catalog().find(seen.ref());
    if (now.isEmpty() || !now.get().equals(seen)) {
      return Change.none(new Outcome.Stale<>());
    }
    return switch (Transition.apply(seen, change)) {
      case Transition.Moved moved ->
          Change.of(
              new Outcome.Done<>(moved.release()), new RegistryRecord.Release(moved.release()));
      case Transition.Unchanged same -> Change.none(new Outcome.Done<>(same.release()));
      case Transition.Illegal illegal -> Change.none(new Outcome.Illegal<>(illegal.why()));
    };
  }

  /**
   * Lets an alias stand for a version.
   *
   * @param seen what it stood for when that was decided; empty when there was no such alias
   */
  public Outcome<Alias> alias(Alias.Key key, String version, Optional<Alias> seen, String by) {
    StatusChange.require("actor", by, StatusChange.LONGEST_ACTOR);
    Alias wanted = new Alias(key, version, clock.instant(), by);
    return ledger.transact(
        state -> {
          if (!state.alias(key).equals(seen)) {
            return Change.none(new Outcome.Stale<>());
          }
          if (seen.isPresent() && seen.get().version().equals(version)) {
            return Change.none(new Outcome.Done<>(seen.get()));
          }
          String why = unfit(state, wanted.release());
          return why.isEmpty()
              ? Change.of(new Outcome.Done<>(wanted), new RegistryRecord.AliasSet(wanted))
              : Change.none(new Outcome.Illegal<>(why));
        });
  }

  /** Why an alias can't stand for that release; empty when it can. */
  private static String unfit(RegistryState state, ReleaseRef ref) {
    return state
        .catalog()
        .find(ref)
        .map(
            release ->
                switch (release.status()) {
                  case CANDIDATE, APPROVED, DEPRECATED -> "";
                  case DRAFT, REVOKED, RELEASE_STATUS_UNSPECIFIED, UNRECOGNIZED ->
                      ref
                          + " is "
                          + Transition.word(release.status())
                          + " (expected: candidate, approved or deprecated)";
                })
        .orElse(ref + " is not published here");
  }

  /** Takes an alias away. */
  public Outcome<Alias> withoutAlias(Alias seen) {
    return ledger.transact(
        state ->
            state.alias(seen.key()).equals(Optional.of(seen))
                ? Change.of(new Outcome.Done<>(seen), new RegistryRecord.AliasRemoved(seen.key()))
                : Change.none(new Outcome.Stale<>()));
  }
}

package dev.earshot.registry.release;

import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.LedgerUnavailableException;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From an envelope that somebody sent to a release that everybody sees. Thread-safe; blocks. */
public final class Publishing {
  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  private final ReleaseGate gate;
  private final RegistryLedger ledger;
  private final InstantSource clock;

  /**
   * @param clock the fleet's, which publishing times are told by
   */
  public Publishing(ReleaseGate gate, RegistryLedger ledger, InstantSource clock) {
    this.gate = gate;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Publishes, or says why not. The signature is checked before anything else is looked at, and the
   * cheap look into the catalog comes before the model is run; the ledger looks again when it
   * records, because another registry may have been faster.
   *
   * @throws LedgerUnavailableException see {@link RegistryLedger#transact}
   */
  public Admission publish(byte[] envelope) {
    return publish(envelope, PublishedRelease::candidate);
  }

  /**
   * The same, as a draft that nobody is offered yet.
   *
   * @throws LedgerUnavailableException see {@link RegistryLedger#transact}
   */
  public Admission publishDraft(byte[] envelope) {
    return publish(envelope, PublishedRelease::draft);
  }

  /** The fleet's clock. */
  public InstantSource clock() {
    return clock;
  }

  private Admission publish(
      byte[] envelope, BiFunction<SignedManifest, Instant, PublishedRelease> begin) {
    return switch (gate.checkSignature(envelope)) {
      case ReleaseGate.Verdict.Failed failed -> new Admission.Refused(failed.refusal());
      case ReleaseGate.Verdict.Passed passed ->
          publish(begin.apply(passed.signed(), clock.instant()));
    };
  }

  private Admission publish(PublishedRelease candidate) {
    return switch (ledger.state().catalog().admit(candidate)) {
      case Admission.AlreadyThere there -> there;
      case Admission.Refused refused -> refused;
      case Admission.Added ignored ->
          switch (gate.checkContent(candidate.signed(), ledger.state().catalog())) {
            case ReleaseGate.Verdict.Failed failed -> new Admission.Refused(failed.refusal());
            case ReleaseGate.Verdict.Passed passed -> record(candidate);
          };
    };
  }

  private Admission record(PublishedRelease candidate) {
    Admission admission = ledger.transact(state -> decide(state, candidate));
    if (admission instanceof Admission.Added) {
      LOG.info(
          "Release {} counter {} published, manifest {}",
          candidate.ref(),
          candidate.manifest().counter(),
          candidate.digest());
    }
    return admission;
  }

  private static Change<Admission> decide(RegistryState state, PublishedRelease candidate) {
    Admission admission = state.catalog().admit(candidate);
    return admission instanceof Admission.Added
        ? Change.of(admission, new RegistryRecord.Release(candidate))
        : Change.none(admission);
  }
}

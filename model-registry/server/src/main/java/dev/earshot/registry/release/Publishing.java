package dev.earshot.registry.release;

import dev.earshot.protocol.release.SignedManifest;
import java.time.InstantSource;

/** From an envelope that somebody sent to a release that everybody sees. Thread-safe; blocks. */
public final class Publishing {
  private final ReleaseGate gate;
  private final ReleaseLedger ledger;
  private final InstantSource clock;

  /**
   * @param clock the fleet's, which publishing times are told by
   */
  public Publishing(ReleaseGate gate, ReleaseLedger ledger, InstantSource clock) {
    this.gate = gate;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Publishes, or says why not. The signature is checked before anything else is looked at, and the
   * cheap look into the catalog comes before the model is run; the ledger looks again when it
   * records, because another registry may have been faster.
   *
   * @throws LedgerUnavailableException see {@link ReleaseLedger#append}
   */
  public Admission publish(byte[] envelope) {
    return switch (gate.checkSignature(envelope)) {
      case ReleaseGate.Verdict.Failed failed -> new Admission.Refused(failed.refusal());
      case ReleaseGate.Verdict.Passed passed -> publish(passed.signed());
    };
  }

  private Admission publish(SignedManifest signed) {
    PublishedRelease candidate = PublishedRelease.candidate(signed, clock.instant());
    return switch (ledger.catalog().admit(candidate)) {
      case Admission.AlreadyThere there -> there;
      case Admission.Refused refused -> refused;
      case Admission.Added ignored ->
          switch (gate.checkContent(signed, ledger.catalog())) {
            case ReleaseGate.Verdict.Failed failed -> new Admission.Refused(failed.refusal());
            case ReleaseGate.Verdict.Passed passed -> ledger.append(candidate);
          };
    };
  }
}

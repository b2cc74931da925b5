package dev.earshot.agent.trust;

import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.v1.UpdateResult;

/** Whether a release may be installed here. */
public sealed interface Verdict {
  /** It may. */
  record Accepted(SignedManifest signed) implements Verdict {}

  /**
   * It must not.
   *
   * @param result as LwM2M's object 5 says it
   * @param text which document or field, and why
   */
  record Refused(UpdateResult result, String text) implements Verdict {
    /** Because of signed metadata. */
    public static Refused of(TrustException e) {
      return new Refused(result(e.reason()), String.valueOf(e.getMessage()));
    }

    private static UpdateResult result(TrustException.Reason reason) {
      return switch (reason) {
        case MALFORMED, SIGNATURES, MISMATCH, NOT_LISTED, NOT_FOR_THIS ->
            UpdateResult.INTEGRITY_CHECK_FAILURE;
        case ROLLBACK, EXPIRED -> UpdateResult.UPDATE_FAILED;
      };
    }
  }
}

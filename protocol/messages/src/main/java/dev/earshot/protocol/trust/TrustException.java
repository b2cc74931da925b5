package dev.earshot.protocol.trust;

/** Signed metadata that must not be believed. The message says which, and what is wrong with it. */
public final class TrustException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** Not the format, or larger than allowed. */
    MALFORMED,
    /** Not signed by enough of the keys that its role has. */
    SIGNATURES,
    /** Older than what was seen before: a rollback. */
    ROLLBACK,
    /** It expired: a freeze, or a clock that is wrong. */
    EXPIRED,
    /** Not the version, length or digest that the metadata above it names: a mix-and-match. */
    MISMATCH,
    /** What was ordered is not what the publisher lists. */
    NOT_LISTED,
    /** Signed for another device or another command. */
    NOT_FOR_THIS
  }

  private final Reason reason;

  public TrustException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

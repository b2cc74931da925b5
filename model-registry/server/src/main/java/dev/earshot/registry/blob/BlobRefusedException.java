package dev.earshot.registry.blob;

/** The content that came is not the blob that was announced. Nothing of it was kept. */
public final class BlobRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was wrong with it. */
  public enum Reason {
    /** Its digest is another one. */
    DIGEST,
    /** It is longer than this registry takes. */
    TOO_LARGE
  }

  private final Reason reason;

  BlobRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

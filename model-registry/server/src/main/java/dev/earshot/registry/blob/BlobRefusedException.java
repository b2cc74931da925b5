package dev.earshot.registry.blob;

/** What came is not taken. Nothing of it can be seen; a session keeps what it had before. */
public final class BlobRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was wrong with it. */
  public enum Reason {
    /** Its digest is another one than was announced. */
    DIGEST,
    /** It is longer than this registry takes. */
    TOO_LARGE,
    /** There is no upload session of that id: it never was, ended, or was abandoned. */
    UPLOAD_UNKNOWN,
    /** Another request appends to that upload session at this moment. */
    UPLOAD_BUSY
  }

  private final Reason reason;

  BlobRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * @return the length, when the store takes that much
   */
  static long requireLength(long length, long longest) {
    if (length > longest) {
      throw new BlobRefusedException(
          Reason.TOO_LARGE,
          "blob: more than %,d bytes (expected: at most that)".formatted(longest));
    }
    return length;
  }

  public Reason reason() {
    return reason;
  }
}

package dev.earshot.gateway.message;

/**
 * Why one message is not forwarded.
 *
 * @param reason the word for metrics
 * @param detail the sentence for a person; shows no more than 200 characters
 */
public record Rejection(RejectReason reason, String detail) {
  private static final int MAX_DETAIL = 200;

  /** Of a payload that is larger than may be forwarded. */
  public static Rejection tooLarge(int bytes, int most) {
    return new Rejection(RejectReason.TOO_LARGE, bytes + " bytes (expected: at most " + most + ")");
  }

  public Rejection {
    if (detail.length() > MAX_DETAIL) {
      detail = detail.substring(0, MAX_DETAIL - 3) + "...";
    }
  }
}

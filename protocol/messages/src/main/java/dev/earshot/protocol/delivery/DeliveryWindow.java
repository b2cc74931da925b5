package dev.earshot.protocol.delivery;

/**
 * Which reporting intervals of one device have been counted, in constant memory: the newest boot
 * and the one before it, each with its highest sequence and a bitmap of the {@value #WIDTH}
 * sequences up to it (the sliding window of IPsec's anti-replay service, RFC 4303 appendix A2).
 *
 * <p>An interval is accepted at most once, always. It is refused although never counted only when
 * it arrives after {@value #WIDTH} later intervals of its boot or after two later boots; {@link
 * Verdict#TOO_OLD} says so, and callers count it. Immutable.
 */
public record DeliveryWindow(
    int boot,
    long highest,
    long bitmap,
    int previousBoot,
    long previousHighest,
    long previousBitmap) {

  /** How many intervals of one boot may overtake another. */
  public static final int WIDTH = 64;

  /** Nothing counted yet. */
  public static final DeliveryWindow EMPTY = new DeliveryWindow(0, -1, 0, 0, -1, 0);

  /** What to do with an interval. */
  public enum Verdict {
    /** Not seen before: count it and keep the returned window. */
    FIRST,
    /** Counted already. */
    DUPLICATE,
    /** Too far behind to tell; must not be counted. */
    TOO_OLD
  }

  /** The verdict on one interval and the window after it. */
  public record Outcome(Verdict verdict, DeliveryWindow window) {}

  /** Looks at interval {@code (bootId, sequence)}; both are unsigned 32-bit numbers on the wire. */
  public Outcome offer(int bootId, int sequence) {
    long at = Integer.toUnsignedLong(sequence);
    int order = Integer.compareUnsigned(bootId, boot);
    if (order > 0) {
      return new Outcome(Verdict.FIRST, new DeliveryWindow(bootId, at, 1, boot, highest, bitmap));
    }
    if (order == 0) {
      Verdict verdict = verdict(highest, bitmap, at);
      return verdict == Verdict.FIRST
          ? new Outcome(
              verdict,
              new DeliveryWindow(
                  boot,
                  Math.max(highest, at),
                  marked(highest, bitmap, at),
                  previousBoot,
                  previousHighest,
                  previousBitmap))
          : new Outcome(verdict, this);
    }
    if (bootId == previousBoot) {
      Verdict verdict = verdict(previousHighest, previousBitmap, at);
      return verdict == Verdict.FIRST
          ? new Outcome(
              verdict,
              new DeliveryWindow(
                  boot,
                  highest,
                  bitmap,
                  previousBoot,
                  Math.max(previousHighest, at),
                  marked(previousHighest, previousBitmap, at)))
          : new Outcome(verdict, this);
    }
    if (Integer.compareUnsigned(bootId, previousBoot) > 0) {
      // A boot between the two that are held: nothing of it was counted, and it displaces the older
      // one.
      return new Outcome(Verdict.FIRST, new DeliveryWindow(boot, highest, bitmap, bootId, at, 1));
    }
    return new Outcome(Verdict.TOO_OLD, this);
  }

  private static Verdict verdict(long highest, long bitmap, long at) {
    if (at > highest) {
      return Verdict.FIRST;
    }
    long behind = highest - at;
    if (behind >= WIDTH) {
      return Verdict.TOO_OLD;
    }
    return (bitmap >>> behind & 1) == 0 ? Verdict.FIRST : Verdict.DUPLICATE;
  }

  private static long marked(long highest, long bitmap, long at) {
    if (at <= highest) {
      return bitmap | 1L << (highest - at);
    }
    long shift = at - highest;
    return shift >= WIDTH ? 1 : bitmap << shift | 1;
  }
}

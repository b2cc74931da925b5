package dev.earshot.rollout.gate;

import java.math.BigInteger;

/**
 * A running sum of doubles without any rounding until it is asked for its value, which is the
 * double nearest to the exact sum: adding the same numbers in another order gives the same value
 * bit for bit. A gate must not change its mind because reports were permuted.
 *
 * <p>A fixed-point number wide enough for every double, in limbs of 32 bits that are kept in longs
 * so that carries can wait. Source: Neal, "Fast exact summation using small and large
 * superaccumulators" (arXiv 1505.05571). A sum beyond the range of doubles is infinite. Not
 * thread-safe.
 */
final class ExactSum {
  private static final int LIMB_BITS = 32;
  private static final long LIMB_MASK = (1L << LIMB_BITS) - 1;

  /** The lowest bit of limb 0 is worth 2^-1074, as the lowest bit of a double. */
  private static final int LOWEST = Double.MIN_EXPONENT - 52;

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA_MASK = (1L << MANTISSA_BITS) - 1;
  private static final int EXPONENT_MASK = 0x7ff;

  /** A double's bits reach three limbs; the highest begin at bit 2045. */
  private static final int LIMBS = 2045 / LIMB_BITS + 3;

  /** Additions after which a limb could overflow, were its carry left waiting. */
  private static final int MOST_WAITING = 1 << 30;

  private final long[] limbs = new long[LIMBS];
  private int waiting;

  /** Adds a finite number. */
  void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> MANTISSA_BITS) & EXPONENT_MASK;
    long mantissa = bits & MANTISSA_MASK;
    if (exponent == EXPONENT_MASK) {
      throw new IllegalArgumentException("value: " + value + " (expected: a finite number)");
    }
    if (exponent > 0) {
      mantissa |= MANTISSA_MASK + 1;
      exponent--;
    }
    int limb = exponent / LIMB_BITS;
    int shift = exponent % LIMB_BITS;
    // 53 bits, moved up by less than 32: the low 64 of them, and what they push out at the top.
    long low = mantissa << shift;
    long high = shift == 0 ? 0 : mantissa >>> (64 - shift);
    long sign = bits >> 63 | 1;
    limbs[limb] += sign * (low & LIMB_MASK);
    limbs[limb + 1] += sign * (low >>> LIMB_BITS);
    limbs[limb + 2] += sign * high;
    if (++waiting == MOST_WAITING) {
      carry();
    }
  }

  private void carry() {
    for (int i = 0; i < LIMBS - 1; i++) {
      limbs[i + 1] += limbs[i] >> LIMB_BITS;
      limbs[i] &= LIMB_MASK;
    }
    waiting = 0;
  }

  /** The exact sum, rounded to nearest, ties to even. */
  double value() {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < LIMBS; i++) {
      if (limbs[i] != 0) {
        sum = sum.add(BigInteger.valueOf(limbs[i]).shiftLeft(LIMB_BITS * i));
      }
    }
    // Doubles end at 2^1024, fixed point here well above: leave 64 bits, the last of which stands
    // for all below it, and round those.
    BigInteger size = sum.abs();
    int below = Math.max(0, size.bitLength() - 64);
    BigInteger top = size.shiftRight(below);
    if (below > 0 && size.getLowestSetBit() < below) {
      top = top.setBit(0);
    }
    return Math.scalb(sum.signum() * top.doubleValue(), below + LOWEST);
  }
}

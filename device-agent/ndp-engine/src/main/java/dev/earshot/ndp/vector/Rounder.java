package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Requantizer;

/**
 * How scaled sums are rounded to the nearest integer and clamped, and where single precision can't
 * tell which integer is the nearest.
 *
 * <p>Rounding is adding and subtracting 1.5 * 2^23, where floats have no fraction left; in between,
 * the bits of the float grow with its value, so that clamping them as ints clamps it (a float
 * minimum would have to mind NaN). Scaled sums are below 2^22.
 */
final class Rounder {
  static final float SHIFT = 0x1.8p23f;

  /** Scaled sums must stay below this magnitude. */
  static final double LARGEST = 0x1p22;

  /** All bits of a float but its sign. */
  static final int MAGNITUDE = 0x7FFF_FFFF;

  private final int lowestBits;
  private final int highestBits;
  private final int sureBits;

  /**
   * @param doubt how far a scaled sum may be from the true one wherever the output is not clamped
   */
  Rounder(Requantizer.Range range, float doubt) {
    int shiftBits = Float.floatToIntBits(SHIFT);
    lowestBits = shiftBits + range.lowest() - range.zeroPoint();
    highestBits = shiftBits + range.highest() - range.zeroPoint();
    sureBits = Float.floatToIntBits(0.5f - doubt);
  }

  /** The bits of a shifted sum that is clamped from below. */
  int lowestBits() {
    return lowestBits;
  }

  /** The bits of a shifted sum that is clamped from above. */
  int highestBits() {
    return highestBits;
  }

  /** The bits of the largest distance from an integer that leaves no doubt. */
  int sureBits() {
    return sureBits;
  }

  /** The nearest integer of one scaled sum, clamped. */
  float clamped(float scaled) {
    int bits = Float.floatToIntBits(scaled + SHIFT);
    return Float.intBitsToFloat(Math.min(Math.max(bits, lowestBits), highestBits)) - SHIFT;
  }

  /** Whether the largest distance seen, as bits, leaves a value's nearest integer open. */
  boolean isInDoubt(int distance) {
    return distance > sureBits;
  }

  /** Whether one scaled sum's nearest integer is open. */
  boolean isInDoubt(float scaled) {
    float distance = Math.abs(scaled - (scaled + SHIFT - SHIFT));
    return Float.floatToIntBits(distance) > sureBits;
  }
}

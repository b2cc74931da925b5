package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Requantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rounds vectors of scaled sums to the nearest integer, clamps them, and says where single
 * precision can't tell which integer is the nearest.
 *
 * <p>Rounding is adding and subtracting 1.5 * 2^23, where floats have no fraction left; in between,
 * the bits of the float grow with its value, so that clamping them as ints clamps it (a float
 * minimum would have to mind NaN). Scaled sums are below 2^22.
 */
final class Rounder {
  static final float SHIFT = 0x1.8p23f;

  /** Scaled sums must stay below this magnitude. */
  static final double LARGEST = 0x1p22;

  private static final int MAGNITUDE = 0x7FFF_FFFF;

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

  /** The nearest integer of {@code shifted - SHIFT}, clamped. */
  FloatVector clamped(FloatVector shifted) {
    return shifted
        .reinterpretAsInts()
        .max(lowestBits)
        .min(highestBits)
        .reinterpretAsFloats()
        .sub(SHIFT);
  }

  /** The nearest integer of one scaled sum, clamped. */
  float clamped(float scaled) {
    int bits = Float.floatToIntBits(scaled + SHIFT);
    return Float.intBitsToFloat(Math.min(Math.max(bits, lowestBits), highestBits)) - SHIFT;
  }

  /** How far the scaled sum is from that integer: a float's bits, which grow with it. */
  static IntVector distance(FloatVector scaled, FloatVector shifted) {
    return scaled.sub(shifted.sub(SHIFT)).reinterpretAsInts().and(MAGNITUDE);
  }

  /** Whether the largest distance seen leaves a value's nearest integer open. */
  boolean isInDoubt(IntVector distance) {
    return distance.compare(VectorOperators.GT, sureBits).anyTrue();
  }

  /** The lanes for which it does, a bit each. */
  long doubts(IntVector distance) {
    return distance.compare(VectorOperators.GT, sureBits).toLong();
  }

  /** Whether one scaled sum's nearest integer is open. */
  boolean isInDoubt(float scaled) {
    float distance = Math.abs(scaled - (scaled + SHIFT - SHIFT));
    return Float.floatToIntBits(distance) > sureBits;
  }
}

package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Requantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Rounds vectors of scaled sums to the nearest integer, clamps them, and says where single
 * precision can't tell which integer is the nearest.
 *
 * <p>Rounding is adding and subtracting 1.5 * 2^23, where floats have no fraction left; in between,
 * the bits of the float grow with its value, so that clamping them as ints clamps it (a float
 * minimum would have to mind NaN). Exact for magnitudes below 2^22, in the right direction beyond.
 */
final class Rounder {
  static final float SHIFT = 0x1.8p23f;
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

  /** How far the scaled sum is from that integer: a float's bits, which grow with it. */
  static IntVector distance(FloatVector scaled, FloatVector shifted) {
    return scaled.sub(shifted.sub(SHIFT)).reinterpretAsInts().and(MAGNITUDE);
  }

  VectorMask<Integer> isInDoubt(IntVector distance) {
    return distance.compare(VectorOperators.GT, sureBits);
  }
}

package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Requantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Requantizes rows of sums in floats, to the bit. {@code y = sum * m_c + bias_c * m_c} in single
 * precision is off by less than some doubt wherever the output is not clamped anyway. So where y is
 * farther than that from the middle between two integers, rounding y rounds the exact value; where
 * it is not (one in some thousands), the plain path's {@link Requantizer} decides. Two roundings in
 * a row take values a little below a half up already: that little is added to y first.
 */
final class RowRequantizer {
  private static final int SIGN = 0x8000_0000;

  private final Requantizer exact;
  private final int channels;
  private final int[] bias;
  private final float[] multipliers;
  private final float[] offsets;

  /** What two roundings add, for outputs below zero too; else it is in the offsets. */
  private final int[] earlyHalves;

  private final boolean belowZero;
  private final Rounder rounder;

  /**
   * @param scaling what the plain path would do
   * @param channels floats of a row: as many as biases, or a multiple of that
   */
  RowRequantizer(Scaling scaling, int channels) {
    this.exact = scaling.exact();
    this.bias = scaling.bias();
    this.channels = channels;
    Requantizer.Range range = exact.range();
    belowZero = range.lowest() < range.zeroPoint();
    multipliers = new float[Lanes.roundedUp(channels)];
    offsets = new float[multipliers.length];
    earlyHalves = new int[multipliers.length];
    for (int i = 0; i < channels; i++) {
      int c = i % bias.length;
      multipliers[i] = (float) exact.multiplier(c);
      double early = exact.earlyHalf(c);
      offsets[i] = (float) (scaling.offset(c) + (belowZero ? 0 : early));
      earlyHalves[i] = Float.floatToIntBits(belowZero ? (float) early : 0);
    }
    rounder = new Rounder(range, (float) scaling.doubt());
  }

  /** Channels, rounded up to whole vectors. */
  int width() {
    return multipliers.length;
  }

  /**
   * Requantizes a block of sums.
   *
   * @param sums {@code rows} rows of {@code vectors} vectors, without bias, one after the other
   * @param channel of the block's first column
   * @param starts where each pixel's outputs start, minus zero point
   * @param first the first row's pixel
   */
  void apply(
      float[] sums, int rows, int vectors, int channel, float[] output, int[] starts, int first) {
    int whole = Math.min(vectors, (channels - channel) / Lanes.COUNT);
    if (belowZero) {
      signed(sums, rows, vectors, whole, channel, output, starts, first);
    } else {
      rectified(sums, rows, vectors, whole, channel, output, starts, first);
    }
    if (whole < vectors) {
      applyRest(sums, rows, vectors, channel, whole * Lanes.COUNT, output, starts, first);
    }
  }

  /**
   * Requantizes the {@code whole} vectors of channels that are full, where outputs are not below
   * zero.
   *
   * <p>Written out, here and in {@link #signed}: a vector that goes into or out of a method which
   * the compiler does not inline becomes an object.
   */
  private void rectified(
      float[] sums,
      int rows,
      int vectors,
      int whole,
      int channel,
      float[] output,
      int[] starts,
      int first) {
    int stride = vectors * Lanes.COUNT;
    int lowest = rounder.lowestBits();
    int highest = rounder.highestBits();
    int sure = rounder.sureBits();
    for (int v = 0; v < whole; v++) {
      IntVector farthest = IntVector.zero(Lanes.INTS);
      int from = v * Lanes.COUNT;
      int c = channel + from;
      FloatVector multiplier = FloatVector.fromArray(Lanes.FLOATS, multipliers, c);
      FloatVector offset = FloatVector.fromArray(Lanes.FLOATS, offsets, c);
      for (int row = 0; row < rows; row++) {
        FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, sums, from + row * stride);
        FloatVector scaled = sum.fma(multiplier, offset);
        FloatVector shifted = scaled.add(Rounder.SHIFT);
        FloatVector distance = scaled.sub(shifted.sub(Rounder.SHIFT));
        farthest = farthest.max(distance.reinterpretAsInts().and(Rounder.MAGNITUDE));
        IntVector clamped = shifted.reinterpretAsInts().max(lowest).min(highest);
        clamped.reinterpretAsFloats().sub(Rounder.SHIFT).intoArray(output, starts[first + row] + c);
      }
      if (farthest.compare(VectorOperators.GT, sure).anyTrue()) {
        for (int row = 0; row < rows; row++) {
          FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, sums, from + row * stride);
          FloatVector scaled = sum.fma(multiplier, offset);
          FloatVector distance = scaled.sub(scaled.add(Rounder.SHIFT).sub(Rounder.SHIFT));
          IntVector bits = distance.reinterpretAsInts().and(Rounder.MAGNITUDE);
          long doubts = bits.compare(VectorOperators.GT, sure).toLong();
          if (doubts != 0) {
            decide(doubts, sums, from + row * stride, output, starts[first + row] + c, c);
          }
        }
      }
    }
  }

  /** The same where outputs may be below zero: the early half has the sign of the sum. */
  private void signed(
      float[] sums,
      int rows,
      int vectors,
      int whole,
      int channel,
      float[] output,
      int[] starts,
      int first) {
    int stride = vectors * Lanes.COUNT;
    int lowest = rounder.lowestBits();
    int highest = rounder.highestBits();
    int sure = rounder.sureBits();
    for (int v = 0; v < whole; v++) {
      IntVector farthest = IntVector.zero(Lanes.INTS);
      int from = v * Lanes.COUNT;
      int c = channel + from;
      FloatVector multiplier = FloatVector.fromArray(Lanes.FLOATS, multipliers, c);
      FloatVector offset = FloatVector.fromArray(Lanes.FLOATS, offsets, c);
      IntVector early = IntVector.fromArray(Lanes.INTS, earlyHalves, c);
      for (int row = 0; row < rows; row++) {
        FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, sums, from + row * stride);
        FloatVector product = sum.fma(multiplier, offset);
        IntVector half = product.reinterpretAsInts().and(SIGN).or(early);
        FloatVector scaled = product.add(half.reinterpretAsFloats());
        FloatVector shifted = scaled.add(Rounder.SHIFT);
        FloatVector distance = scaled.sub(shifted.sub(Rounder.SHIFT));
        farthest = farthest.max(distance.reinterpretAsInts().and(Rounder.MAGNITUDE));
        IntVector clamped = shifted.reinterpretAsInts().max(lowest).min(highest);
        clamped.reinterpretAsFloats().sub(Rounder.SHIFT).intoArray(output, starts[first + row] + c);
      }
      if (farthest.compare(VectorOperators.GT, sure).anyTrue()) {
        for (int row = 0; row < rows; row++) {
          FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, sums, from + row * stride);
          FloatVector product = sum.fma(multiplier, offset);
          IntVector half = product.reinterpretAsInts().and(SIGN).or(early);
          FloatVector scaled = product.add(half.reinterpretAsFloats());
          FloatVector distance = scaled.sub(scaled.add(Rounder.SHIFT).sub(Rounder.SHIFT));
          IntVector bits = distance.reinterpretAsInts().and(Rounder.MAGNITUDE);
          long doubts = bits.compare(VectorOperators.GT, sure).toLong();
          if (doubts != 0) {
            decide(doubts, sums, from + row * stride, output, starts[first + row] + c, c);
          }
        }
      }
    }
  }

  /** The channels that do not fill a vector: nothing may be written beside them. */
  private void applyRest(
      float[] sums,
      int rows,
      int vectors,
      int channel,
      int column,
      float[] output,
      int[] starts,
      int first) {
    int count = Math.min(channels - channel - column, Lanes.COUNT);
    for (int row = 0; row < rows; row++) {
      int to = starts[first + row] + channel + column;
      int from = row * vectors * Lanes.COUNT + column;
      for (int i = 0; i < count; i++) {
        float scaled = scaled(sums[from + i], channel + column + i);
        output[to + i] =
            rounder.isInDoubt(scaled)
                ? exact(sums[from + i], channel + column + i)
                : rounder.clamped(scaled);
      }
    }
  }

  /** Asks the exact arithmetic for the lanes of a vector that are in doubt. */
  private void decide(long doubts, float[] sums, int from, float[] output, int to, int c) {
    for (long left = doubts; left != 0; left &= left - 1) {
      int lane = Long.numberOfTrailingZeros(left);
      output[to + lane] = exact(sums[from + lane], c + lane);
    }
  }

  /** The same value as in the vectors, bit for bit. */
  private float scaled(float sum, int c) {
    float scaled = Math.fma(sum, multipliers[c], offsets[c]);
    return scaled + Math.copySign(Float.intBitsToFloat(earlyHalves[c]), scaled);
  }

  private float exact(float sum, int c) {
    int channel = c % bias.length;
    return exact.requantize((int) sum + bias[channel], channel) - exact.range().zeroPoint();
  }
}

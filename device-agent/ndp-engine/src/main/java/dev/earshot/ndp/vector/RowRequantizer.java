package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Requantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Requantizes rows of sums in floats, to the bit. {@code y = acc * m_c} in single precision is off
 * by less than {@link #DOUBT} wherever the output is not clamped anyway; so where y is farther than
 * that from the middle between two integers, rounding y rounds the exact product, and where it is
 * not (one value in eight thousand), the plain path's {@link Requantizer} decides. Two roundings in
 * a row take values a little below a half up already: that little is added to y first.
 */
final class RowRequantizer {
  private static final float DOUBT = 0x1p-14f;
  private static final int SIGN = 0x8000_0000;

  private final Requantizer exact;
  private final int exactChannels;
  private final int channels;
  private final float[] multipliers;
  private final int[] earlyHalves;
  private final Rounder rounder;
  private final boolean belowZero;

  /**
   * @param channels floats of a row; its channel c is {@code c % exact.channels()}
   */
  RowRequantizer(Requantizer exact, int channels) {
    this.exact = exact;
    this.exactChannels = exact.channels();
    this.channels = channels;
    multipliers = new float[Lanes.roundedUp(channels)];
    earlyHalves = new int[multipliers.length];
    for (int c = 0; c < channels; c++) {
      multipliers[c] = (float) exact.multiplier(c % exactChannels);
      earlyHalves[c] = Float.floatToIntBits((float) exact.earlyHalf(c % exactChannels));
    }
    Requantizer.Range range = exact.range();
    rounder = new Rounder(range, DOUBT);
    belowZero = range.lowest() < range.zeroPoint();
  }

  /** Floats from one row of sums to the next. */
  int stride() {
    return multipliers.length;
  }

  /**
   * Requantizes rows.
   *
   * @param sums the rows, {@link #stride} apart
   * @param starts where each pixel's outputs start, minus zero point
   * @param first the first row's pixel
   */
  void apply(float[] sums, int rows, float[] output, int[] starts, int first) {
    IntVector farthest = IntVector.zero(Lanes.INTS);
    for (int row = 0; row < rows; row++) {
      farthest = farthest.max(row(sums, row * multipliers.length, output, starts[first + row]));
    }
    if (rounder.isInDoubt(farthest).anyTrue()) {
      for (int row = 0; row < rows; row++) {
        decide(sums, row * multipliers.length, output, starts[first + row]);
      }
    }
  }

  /** Returns how far, at most, values were from the integer they were rounded to, as bits. */
  private IntVector row(float[] sums, int from, float[] output, int to) {
    IntVector farthest = IntVector.zero(Lanes.INTS);
    int c = 0;
    for (; c <= channels - Lanes.COUNT; c += Lanes.COUNT) {
      FloatVector scaled = scaled(sums, from, c);
      FloatVector shifted = scaled.add(Rounder.SHIFT);
      farthest = farthest.max(Rounder.distance(scaled, shifted));
      rounder.clamped(shifted).intoArray(output, to + c);
    }
    if (c < channels) {
      FloatVector scaled = scaled(sums, from, c);
      FloatVector shifted = scaled.add(Rounder.SHIFT);
      farthest = farthest.max(Rounder.distance(scaled, shifted));
      rounder.clamped(shifted).intoArray(output, to + c, Lanes.FLOATS.indexInRange(c, channels));
    }
    return farthest;
  }

  private FloatVector scaled(float[] sums, int from, int c) {
    FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, sums, from + c);
    FloatVector multiplier = FloatVector.fromArray(Lanes.FLOATS, multipliers, c);
    IntVector early = IntVector.fromArray(Lanes.INTS, earlyHalves, c);
    if (belowZero) {
      early = sum.reinterpretAsInts().and(SIGN).or(early);
    }
    return sum.fma(multiplier, early.reinterpretAsFloats());
  }

  /** Asks the exact arithmetic for every value of a row that is in doubt. */
  private void decide(float[] sums, int from, float[] output, int to) {
    for (int c = 0; c < channels; c += Lanes.COUNT) {
      FloatVector scaled = scaled(sums, from, c);
      long doubts = rounder.isInDoubt(Rounder.distance(scaled, scaled.add(Rounder.SHIFT))).toLong();
      for (; doubts != 0; doubts &= doubts - 1) {
        int channel = c + Long.numberOfTrailingZeros(doubts);
        if (channel < channels) {
          int value = exact.requantize((int) sums[from + channel], channel % exactChannels);
          output[to + channel] = value - exact.range().zeroPoint();
        }
      }
    }
  }
}

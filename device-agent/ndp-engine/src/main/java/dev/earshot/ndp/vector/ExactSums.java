package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Quantization;

/**
 * Whether the sums of an operator may be carried in floats. A float holds every integer up to 2^24
 * and adds and multiplies them without error, in any order, as long as no partial sum leaves that
 * range. The largest that can occur follows from the weights: with activations minus zero point in
 * [low, high], low <= 0 <= high, each product's share is the larger of its two extremes.
 */
final class ExactSums {
  private static final long FLOAT_INTEGERS = 1 << 24;

  private final long low;
  private final long high;
  private final long[] upward;
  private final long[] downward;

  ExactSums(Quantization input, int channels) {
    low = input.zeroPoint() - (long) Byte.MIN_VALUE;
    high = Byte.MAX_VALUE - (long) input.zeroPoint();
    upward = new long[channels];
    downward = new long[channels];
  }

  /** One more product of that channel. */
  void add(int channel, int weight) {
    long positive = Math.max(weight, 0);
    long negative = Math.max(-(long) weight, 0);
    upward[channel] += positive * high + negative * low;
    downward[channel] += positive * low + negative * high;
  }

  /** The largest magnitude of a channel's sums. */
  long largest(int channel) {
    return Math.max(upward[channel], downward[channel]);
  }

  boolean areExact() {
    for (int c = 0; c < upward.length; c++) {
      if (largest(c) >= FLOAT_INTEGERS) {
        return false;
      }
    }
    return true;
  }
}

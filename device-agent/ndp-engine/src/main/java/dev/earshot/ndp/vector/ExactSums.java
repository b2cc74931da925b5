package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.kernel.Requantizer;

/**
 * Whether the sums of an operator may be carried in floats. A float holds every integer up to 2^24
 * and adds and multiplies them without error, in any order, as long as no partial sum leaves that
 * range. The largest that can occur follows from the weights: with activations minus zero point in
 * [low, high], low <= 0 <= high, no partial sum of channel o exceeds {@code |bias| + sum of
 * max(|low|, high) side of each weight}.
 */
final class ExactSums {
  private static final long FLOAT_INTEGERS = 1 << 24;

  /** Scaled sums beyond this do not keep their fraction in the float that rounds them. */
  private static final double LARGEST_SCALED = 1 << 22;

  private final long low;
  private final long high;
  private final long[] upward;
  private final long[] downward;

  ExactSums(Quantization input, int[] bias) {
    low = input.zeroPoint() - (long) Byte.MIN_VALUE;
    high = Byte.MAX_VALUE - (long) input.zeroPoint();
    upward = new long[bias.length];
    downward = new long[bias.length];
    for (int o = 0; o < bias.length; o++) {
      add(o, 0);
      upward[o] += Math.max(bias[o], 0);
      downward[o] += Math.max(-(long) bias[o], 0);
    }
  }

  /** One more product of that channel. */
  void add(int channel, int weight) {
    long positive = Math.max(weight, 0);
    long negative = Math.max(-(long) weight, 0);
    upward[channel] += positive * high + negative * low;
    downward[channel] += positive * low + negative * high;
  }

  boolean areExact(Requantizer requantizer) {
    for (int o = 0; o < upward.length; o++) {
      long largest = Math.max(upward[o], downward[o]);
      if (largest >= FLOAT_INTEGERS || largest * requantizer.multiplier(o) >= LARGEST_SCALED) {
        return false;
      }
    }
    return true;
  }
}

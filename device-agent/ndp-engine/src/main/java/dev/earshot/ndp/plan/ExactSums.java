package dev.earshot.ndp.plan;

import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Tensor;
import java.util.function.IntUnaryOperator;

/**
 * How large the sums of an operator can get, and whether they may be carried in floats. A float
 * holds every integer up to 2^24 and adds and multiplies them without error, in any order, as long
 * as no partial sum leaves that range. The largest that can occur follows from the weights: with
 * activations minus zero point in [low, high], low <= 0 <= high, each product's share is the larger
 * of its two extremes.
 */
public final class ExactSums {
  private static final long FLOAT_INTEGERS = 1 << 24;

  private final long low;
  private final long high;
  private final long[] upward;
  private final long[] downward;

  /** Without products; they are added one by one. */
  public ExactSums(Quantization input, int channels) {
    low = input.zeroPoint() - (long) Byte.MIN_VALUE;
    high = Byte.MAX_VALUE - (long) input.zeroPoint();
    upward = new long[channels];
    downward = new long[channels];
  }

  /**
   * Of all products.
   *
   * @param channelOf the channel of the weight with that index
   */
  public static ExactSums of(
      Tensor input, byte[] weights, int channels, IntUnaryOperator channelOf) {
    ExactSums sums = new ExactSums(input.requireQuantization(), channels);
    for (int i = 0; i < weights.length; i++) {
      sums.add(channelOf.applyAsInt(i), weights[i]);
    }
    return sums;
  }

  /** One more product of that channel. */
  public void add(int channel, int weight) {
    long positive = Math.max(weight, 0);
    long negative = Math.max(-(long) weight, 0);
    upward[channel] += positive * high + negative * low;
    downward[channel] += positive * low + negative * high;
  }

  /** The largest magnitude of a channel's sums. */
  public long largest(int channel) {
    return Math.max(upward[channel], downward[channel]);
  }

  /** Whether floats hold them all. */
  public boolean areExact() {
    for (int c = 0; c < upward.length; c++) {
      if (largest(c) >= FLOAT_INTEGERS) {
        return false;
      }
    }
    return true;
  }
}

package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Requantizer;
import dev.earshot.ndp.plan.ExactSums;

/**
 * How the sums of an operator are to become outputs, and how well single precision can do it.
 *
 * @param exact what the plain path does, which has the last word
 * @param bias of each channel, not yet in the sums
 * @param sums how large they can be
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, compared by nobody
record Scaling(Requantizer exact, int[] bias, ExactSums sums) {
  /** Half the distance between neighbouring floats, relative to them: each operation's error. */
  private static final double EPSILON = 0x1p-24;

  /** Beyond this many output steps from zero every output is clamped. */
  private static final double CLAMPED = 256;

  private static final double LARGEST_DOUBT = 0x1p-7;

  /** The largest magnitude of a channel's scaled sum, without bias. */
  private double largest(int channel) {
    return sums.largest(channel) * exact.multiplier(channel);
  }

  /** The scaled bias, kept from growing where it clamps the output whatever the sum. */
  double offset(int channel) {
    double enough = largest(channel) + CLAMPED;
    return Math.clamp(bias[channel] * exact.multiplier(channel), -enough, enough);
  }

  /**
   * How far a scaled sum with its offset can be from the exact value where the output is not
   * clamped: the multiplier's rounding times a scaled sum of at most {@code |offset| + CLAMPED},
   * the offset's own, that of the result and that of adding the early half.
   */
  double doubt() {
    double largest = 0;
    for (int c = 0; c < bias.length; c++) {
      largest = Math.max(largest, Math.abs(offset(c)));
    }
    return EPSILON * (2 * (largest + 1) + 3 * CLAMPED);
  }

  /** Whether single precision can tell nearly all roundings. */
  boolean isForFloats() {
    for (int c = 0; c < bias.length; c++) {
      // What leaves 32 bits, shifted left or not, wraps around in the plain path and in TFLite.
      double widest = sums.largest(c) + Math.abs((double) bias[c]);
      if (widest * Math.max(1, 2 * exact.multiplier(c)) > Integer.MAX_VALUE) {
        return false;
      }
      if (largest(c) + Math.abs(offset(c)) >= Rounder.LARGEST) {
        return false;
      }
    }
    return sums.areExact() && doubt() <= LARGEST_DOUBT;
  }
}

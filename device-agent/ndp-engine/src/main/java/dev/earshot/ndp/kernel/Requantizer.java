package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.Quantization;
import java.util.Arrays;

/**
 * Turns int32 accumulators into int8 outputs: {@code q = clamp(zeroPoint + acc * m_c)}, where the
 * real multiplier of channel c is {@code m_c = inputScale * weightScale_c / outputScale}. The clamp
 * is the fused activation. Immutable.
 */
sealed interface Requantizer {
  /**
   * Converts one row of accumulators, one per channel, to {@code output[offset...]}. The row's
   * contents are lost.
   */
  void apply(int[] accumulators, byte[] output, int offset);

  /** Fixed-point multipliers, per channel. */
  static Requantizer fixedPoint(
      Quantization input,
      Quantization weights,
      Quantization output,
      Activation activation,
      int channels) {
    FixedPoint.Multiplier[] multipliers = new FixedPoint.Multiplier[channels];
    for (int c = 0; c < channels; c++) {
      multipliers[c] = FixedPoint.Multiplier.of(realMultiplier(input, weights, output, c));
    }
    return twoRoundings(multipliers, output, activation);
  }

  /**
   * The fixed-point multiplier of FULLY_CONNECTED up to TFLite 2.19, which multiplies input and
   * weight scale in single precision when there is one weight scale.
   */
  static Requantizer fullyConnectedFixedPoint(
      Quantization input,
      Quantization weights,
      Quantization output,
      Activation activation,
      int channels) {
    if (weights.isPerChannel()) {
      return fixedPoint(input, weights, output, activation, channels);
    }
    float product = input.scale() * weights.scale();
    FixedPoint.Multiplier[] multipliers = new FixedPoint.Multiplier[channels];
    Arrays.fill(multipliers, FixedPoint.Multiplier.of((double) product / (double) output.scale()));
    return twoRoundings(multipliers, output, activation);
  }

  private static Requantizer twoRoundings(
      FixedPoint.Multiplier[] multipliers, Quantization output, Activation activation) {
    return TwoRoundingsVectorised.isExactFor(multipliers)
        ? new TwoRoundingsVectorised(multipliers, output, activation)
        : new TwoRoundings(multipliers, output, activation);
  }

  /** Double-precision multipliers with a single rounding, per channel. */
  static Requantizer doublePrecision(
      Quantization input,
      Quantization weights,
      Quantization output,
      Activation activation,
      int channels) {
    double[] multipliers = new double[channels];
    for (int c = 0; c < channels; c++) {
      multipliers[c] = realMultiplier(input, weights, output, c);
    }
    return new OneRounding(multipliers, output, activation);
  }

  private static double realMultiplier(
      Quantization input, Quantization weights, Quantization output, int channel) {
    return (double) input.scale() * (double) weights.scale(channel) / (double) output.scale();
  }

  /**
   * gemmlowp's double rounding: the 32-bit high half of the doubled product with a 31-bit mantissa,
   * rounded half up; then a right shift, rounded half away from zero. One channel at a time, for
   * any multiplier.
   */
  final class TwoRoundings implements Requantizer {
    private final FixedPoint.Multiplier[] multipliers;
    private final int zeroPoint;
    private final int lowest;
    private final int highest;

    TwoRoundings(FixedPoint.Multiplier[] multipliers, Quantization output, Activation activation) {
      this.multipliers = multipliers.clone();
      zeroPoint = output.zeroPoint();
      lowest = activation.lowestQuantized(output);
      highest = activation.highestQuantized(output);
    }

    @Override
    public void apply(int[] accumulators, byte[] output, int offset) {
      for (int c = 0; c < multipliers.length; c++) {
        int value = zeroPoint + FixedPoint.multiply(accumulators[c], multipliers[c]);
        output[offset + c] = (byte) Math.min(Math.max(value, lowest), highest);
      }
    }
  }

  /**
   * The same for multipliers below one half, which is all that trained layers have, in double
   * precision so that the loop vectorises (three times as fast as 64-bit integers here). Exact, not
   * approximate: with the mantissa split into 15 high and 16 low bits, every product and sum below
   * is an integer under 2^53, and the floors nest:
   *
   * <pre>
   * (acc * m + 2^30) >> 31 = floor((acc * high + floor((acc * low + 2^30) / 2^16)) / 2^15)
   * </pre>
   */
  final class TwoRoundingsVectorised implements Requantizer {
    private final double[] high;
    private final double[] low;
    private final double[] half;
    private final double[] shift;
    private final int zeroPoint;
    private final int lowest;
    private final int highest;

    TwoRoundingsVectorised(
        FixedPoint.Multiplier[] multipliers, Quantization output, Activation activation) {
      int channels = multipliers.length;
      high = new double[channels];
      low = new double[channels];
      half = new double[channels];
      shift = new double[channels];
      for (int c = 0; c < channels; c++) {
        high[c] = multipliers[c].mantissa() >> 16;
        low[c] = multipliers[c].mantissa() & 0xFFFF;
        half[c] = Math.scalb(1.0, -multipliers[c].exponent() - 1);
        shift[c] = Math.scalb(1.0, multipliers[c].exponent());
      }
      zeroPoint = output.zeroPoint();
      lowest = activation.lowestQuantized(output);
      highest = activation.highestQuantized(output);
    }

    static boolean isExactFor(FixedPoint.Multiplier[] multipliers) {
      for (FixedPoint.Multiplier multiplier : multipliers) {
        if (multiplier.exponent() > -1) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void apply(int[] accumulators, byte[] output, int offset) {
      scale(accumulators);
      // A loop of its own: one that also narrows to bytes does not vectorise.
      for (int c = 0; c < high.length; c++) {
        output[offset + c] = (byte) accumulators[c];
      }
    }

    private void scale(int[] accumulators) {
      for (int c = 0; c < high.length; c++) {
        double acc = accumulators[c];
        double carry = Math.floor((acc * low[c] + 0x1p30) * 0x1p-16);
        double product = Math.floor((acc * high[c] + carry) * 0x1p-15);
        // -1 for negative products: then floor rounds halves away from zero.
        double nudge = Math.floor(product * 0x1p-32);
        int value = (int) Math.floor((product + half[c] + nudge) * shift[c]) + zeroPoint;
        accumulators[c] = Math.min(Math.max(value, lowest), highest);
      }
    }
  }

  /** One multiplication in double precision, rounded once, half away from zero. */
  final class OneRounding implements Requantizer {
    private final double[] multipliers;
    private final int zeroPoint;
    private final int lowest;
    private final int highest;

    OneRounding(double[] multipliers, Quantization output, Activation activation) {
      this.multipliers = multipliers;
      zeroPoint = output.zeroPoint();
      lowest = activation.lowestQuantized(output);
      highest = activation.highestQuantized(output);
    }

    @Override
    public void apply(int[] accumulators, byte[] output, int offset) {
      for (int c = 0; c < multipliers.length; c++) {
        double scaled = accumulators[c] * multipliers[c];
        long magnitude = (long) Math.abs(scaled);
        // Not floor(|x| + 0.5): that sum rounds up for the largest double below one half.
        if (Math.abs(scaled) - magnitude >= 0.5) {
          magnitude++;
        }
        long value = zeroPoint + (scaled < 0 ? -magnitude : magnitude);
        output[offset + c] = (byte) Math.min(Math.max(value, lowest), highest);
      }
    }
  }
}

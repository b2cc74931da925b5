package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import java.util.Arrays;

/**
 * Turns an int32 accumulator into an int8 output: {@code q = clamp(zeroPoint + round(acc * m_c))},
 * where the real multiplier of channel c is {@code m_c = inputScale * weightScale_c / outputScale}.
 * The clamp is the fused activation. How the product is rounded is what the two forms differ in.
 * Immutable.
 */
public sealed interface Requantizer {
  /** The int8 value for the sum of a channel. */
  int requantize(int accumulator, int channel);

  /** The multiplier as it is really applied. */
  double multiplier(int channel);

  /**
   * How far below a half the product is already rounded away from zero: two roundings in a row take
   * a little more than halves up.
   */
  double earlyHalf(int channel);

  /** Channels that it has multipliers for. */
  int channels();

  /** What comes out at least, at most, and for zero. */
  Range range();

  /**
   * The int8 values that can come out.
   *
   * @param lowest smallest
   * @param highest largest
   * @param zeroPoint what stands for 0
   */
  record Range(int lowest, int highest, int zeroPoint) {
    /** What a fused activation leaves of int8. */
    public static Range of(Quantization output, Activation activation) {
      return new Range(
          activation.lowestQuantized(output),
          activation.highestQuantized(output),
          output.zeroPoint());
    }

    /** The nearest of them. */
    public int clamp(long value) {
      return (int) Math.min(Math.max(value, lowest), highest);
    }
  }

  /** For the sums of a CONV_2D: fixed point, a multiplier for each channel. */
  static Requantizer of(Operator.Conv2d conv) {
    return fixedPoint(
        conv.input().requireQuantization(),
        conv.weights().requireQuantization(),
        conv.output().requireQuantization(),
        conv.activation(),
        conv.weights().shape().dimension(0));
  }

  /** For the sums of a DEPTHWISE_CONV_2D: fixed point, a multiplier for each channel. */
  static Requantizer of(Operator.DepthwiseConv2d conv) {
    return fixedPoint(
        conv.input().requireQuantization(),
        conv.weights().requireQuantization(),
        conv.output().requireQuantization(),
        conv.activation(),
        conv.weights().shape().dimension(3));
  }

  /** For the sums of a FULLY_CONNECTED, which is where the roundings of TFLite differ. */
  static Requantizer of(Operator.FullyConnected dense, Rounding rounding) {
    Quantization input = dense.input().requireQuantization();
    Quantization weights = dense.weights().requireQuantization();
    Quantization output = dense.output().requireQuantization();
    int channels = dense.weights().shape().dimension(0);
    return switch (rounding) {
      case TFLITE_2_20 -> {
        double[] multipliers = new double[channels];
        Arrays.setAll(multipliers, c -> realMultiplier(input, weights, output, c));
        yield new OneRounding(multipliers, Range.of(output, dense.activation()));
      }
      case TFLITE_LEGACY ->
          weights.isPerChannel()
              ? fixedPoint(input, weights, output, dense.activation(), channels)
              : singlePrecisionProduct(input, weights, output, dense.activation(), channels);
    };
  }

  private static Requantizer fixedPoint(
      Quantization input,
      Quantization weights,
      Quantization output,
      Activation activation,
      int channels) {
    FixedPoint.Multiplier[] multipliers = new FixedPoint.Multiplier[channels];
    Arrays.setAll(
        multipliers, c -> FixedPoint.Multiplier.of(realMultiplier(input, weights, output, c)));
    return new TwoRoundings(multipliers, Range.of(output, activation));
  }

  /** Up to TFLite 2.19 input and weight scale are multiplied in single precision. */
  private static Requantizer singlePrecisionProduct(
      Quantization input,
      Quantization weights,
      Quantization output,
      Activation activation,
      int channels) {
    float product = input.scale() * weights.scale();
    FixedPoint.Multiplier[] multipliers = new FixedPoint.Multiplier[channels];
    Arrays.fill(multipliers, FixedPoint.Multiplier.of((double) product / (double) output.scale()));
    return new TwoRoundings(multipliers, Range.of(output, activation));
  }

  private static double realMultiplier(
      Quantization input, Quantization weights, Quantization output, int channel) {
    return (double) input.scale() * (double) weights.scale(channel) / (double) output.scale();
  }

  /**
   * gemmlowp's double rounding: the 32-bit high half of the doubled product with a 31-bit mantissa,
   * rounded half up; then a right shift by s bits, rounded half away from zero. The first rounding
   * can reach a half that the exact product stays short of, by up to {@code 2^-(s+1)}.
   */
  record TwoRoundings(FixedPoint.Multiplier[] multipliers, Range range) implements Requantizer {
    @Override
    public int requantize(int accumulator, int channel) {
      return range.clamp(
          range.zeroPoint() + (long) FixedPoint.multiply(accumulator, multipliers[channel]));
    }

    @Override
    public double multiplier(int channel) {
      return multipliers[channel].value();
    }

    @Override
    public double earlyHalf(int channel) {
      int exponent = multipliers[channel].exponent();
      return exponent < 0 ? Math.scalb(0.5, exponent) : 0;
    }

    @Override
    public int channels() {
      return multipliers.length;
    }
  }

  /** One multiplication in double precision, rounded once, half away from zero. */
  record OneRounding(double[] multipliers, Range range) implements Requantizer {
    @Override
    public int requantize(int accumulator, int channel) {
      double scaled = accumulator * multipliers[channel];
      double magnitude = Math.floor(Math.abs(scaled));
      // Not floor(|x| + 0.5): that sum rounds up for the largest double below one half.
      if (Math.abs(scaled) - magnitude >= 0.5) {
        magnitude++;
      }
      int rounded = (int) Math.copySign(magnitude, scaled); // saturates
      return range.clamp(range.zeroPoint() + (long) rounded);
    }

    @Override
    public double multiplier(int channel) {
      return multipliers[channel];
    }

    @Override
    public double earlyHalf(int channel) {
      return 0;
    }

    @Override
    public int channels() {
      return multipliers.length;
    }
  }
}

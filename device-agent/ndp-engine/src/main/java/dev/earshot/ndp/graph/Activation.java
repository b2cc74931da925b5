package dev.earshot.ndp.graph;

/** The function fused into the end of an operator: a clamp of the real value. */
public enum Activation {
  NONE(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
  RELU(0, Float.POSITIVE_INFINITY),
  RELU_N1_TO_1(-1, 1),
  RELU6(0, 6);

  private final float low;
  private final float high;

  Activation(float low, float high) {
    this.low = low;
    this.high = high;
  }

  /**
   * The lowest int8 value that an output may take: {@code zeroPoint + round(low / scale)}, not
   * below -128. Division and rounding (half away from zero) are in single precision, as TFLite's
   * {@code CalculateActivationRangeQuantized} does.
   */
  public int lowestQuantized(Quantization output) {
    return low == Float.NEGATIVE_INFINITY
        ? Byte.MIN_VALUE
        : Math.clamp(quantize(low, output), Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** The highest int8 value that an output may take; see {@link #lowestQuantized}. */
  public int highestQuantized(Quantization output) {
    return high == Float.POSITIVE_INFINITY
        ? Byte.MAX_VALUE
        : Math.clamp(quantize(high, output), Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /**
   * Whether the bounds fit 32-bit integers in steps of the output's scale. TFLite refuses others,
   * or computes nonsense.
   */
  public boolean fits(Quantization output) {
    return fits(low, output) && fits(high, output);
  }

  private static boolean fits(float bound, Quantization output) {
    return Float.isInfinite(bound) || Math.abs(bound / output.scale()) < 0x1p31f;
  }

  private static long quantize(float real, Quantization output) {
    float steps = real / output.scale();
    long rounded = (long) Math.floor(Math.abs((double) steps) + 0.5);
    return output.zeroPoint() + (steps < 0 ? -rounded : rounded);
  }
}

package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import java.util.function.IntUnaryOperator;

/**
 * LOGISTIC, RELU, RELU6, RELU_N1_TO_1 and QUANTIZE: functions of one int8 value, element by element
 * in any layout. Since there are only 256 values, each is a table made when the program is
 * prepared; the factory methods state scales, rounding and formula.
 */
final class LookupKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final int elements;

  /** Results by input value, -128 first. */
  private final byte[] table = new byte[256];

  private LookupKernel(Operator.OfOneActivation operator, Slots slots, IntUnaryOperator function) {
    inputSlot = slots.of(operator.input());
    outputSlot = slots.of(operator.output());
    elements = operator.output().shape().elements();
    for (int q = Byte.MIN_VALUE; q <= Byte.MAX_VALUE; q++) {
      table[q - Byte.MIN_VALUE] = (byte) function.applyAsInt(q);
    }
  }

  /**
   * LOGISTIC in single precision, as TFLite's {@code LUTPopulate} fills its table:
   *
   * <pre>
   * x      = inputScale * (q - inputZeroPoint)
   * y      = 1 / (1 + exp(-x))
   * output = min(round(y * 256) - 128, 127)
   * </pre>
   *
   * rounded half away from zero; the output's scale is 1/256 and its zero point -128. TFLite takes
   * the exponential of the C library, which may differ from the correctly rounded one here in its
   * last bit; that could show in the result only where y * 256 all but ties. TFLite Micro has a
   * fixed-point LOGISTIC instead, which neither rounding profile follows.
   */
  static LookupKernel of(Operator.Logistic logistic, Slots slots) {
    Quantization input = logistic.input().requireQuantization();
    return new LookupKernel(
        logistic,
        slots,
        q -> {
          float x = input.scale() * (q - input.zeroPoint());
          float y = 1 / (1 + (float) Math.exp(-x));
          // y is not negative: half up is half away from zero.
          return Math.min((int) Math.floor(y * 256.0 + 0.5) - 128, Byte.MAX_VALUE);
        });
  }

  /**
   * The RELU family: {@code output = clamp(outputZeroPoint + (q - inputZeroPoint) * (inputScale /
   * outputScale))}, where the quotient is taken in single precision and the multiplication is a
   * {@link FixedPoint#multiply} (two roundings). The clamp is the function itself, in quantized
   * values: RELU from 0, RELU6 from 0 to 6, RELU_N1_TO_1 from -1 to 1. TFLite's {@code ReluX}.
   */
  static LookupKernel of(Operator.Relu relu, Slots slots) {
    Quantization input = relu.input().requireQuantization();
    Quantization output = relu.output().requireQuantization();
    FixedPoint.Multiplier multiplier = FixedPoint.Multiplier.of(input.scale() / output.scale());
    int lowest = relu.activation().lowestQuantized(output);
    int highest = relu.activation().highestQuantized(output);
    return new LookupKernel(
        relu, slots, q -> Math.clamp(rescale(q, input, multiplier, output), lowest, highest));
  }

  /**
   * QUANTIZE from int8 to int8: {@code output = clamp(outputZeroPoint + (q - inputZeroPoint) *
   * (inputScale / outputScale))} with the quotient in double precision and the multiplication a
   * {@link FixedPoint#multiply} (two roundings). TFLite's reference {@code Requantize}.
   */
  static LookupKernel of(Operator.Quantize quantize, Slots slots) {
    Quantization input = quantize.input().requireQuantization();
    Quantization output = quantize.output().requireQuantization();
    FixedPoint.Multiplier multiplier =
        FixedPoint.Multiplier.of((double) input.scale() / output.scale());
    return new LookupKernel(
        quantize,
        slots,
        q -> Math.clamp(rescale(q, input, multiplier, output), Byte.MIN_VALUE, Byte.MAX_VALUE));
  }

  private static long rescale(
      int q, Quantization input, FixedPoint.Multiplier multiplier, Quantization output) {
    return (long) output.zeroPoint() + FixedPoint.multiply(q - input.zeroPoint(), multiplier);
  }

  @Override
  public void run(Workspace workspace) {
    byte[] input = workspace.activation(inputSlot);
    byte[] output = workspace.activation(outputSlot);
    for (int i = 0; i < elements; i++) {
      output[i] = table[input[i] - Byte.MIN_VALUE];
    }
  }
}

package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;

/**
 * MUL of two operands, of which one may be a constant or repeat:
 *
 * <pre>
 * output = clamp(outputZeroPoint
 *            + ((q_1 - zeroPoint_1) * (q_2 - zeroPoint_2)) * (scale_1 * scale_2 / outputScale))
 * </pre>
 *
 * The product of the two differences is exact in an int; the multiplication by the real factor is a
 * {@link FixedPoint#multiply} (two roundings). The factor itself is computed in single precision,
 * from left to right, because TFLite's {@code mul.cc} does so. TFLite's reference {@code
 * MulElementwise} and {@code BroadcastMul6DSlow}.
 */
final class MulKernel extends BroadcastKernel {
  private final int firstZeroPoint;
  private final int secondZeroPoint;
  private final FixedPoint.Multiplier multiplier;

  MulKernel(Operator.Mul mul, Slots slots) {
    super(mul, mul.activation(), slots);
    Quantization first = mul.first().requireQuantization();
    Quantization second = mul.second().requireQuantization();
    firstZeroPoint = first.zeroPoint();
    secondZeroPoint = second.zeroPoint();
    multiplier = FixedPoint.Multiplier.of(mul.realMultiplier());
  }

  @Override
  int combine(byte first, byte second) {
    return FixedPoint.multiply(
        (first - firstZeroPoint) * (second - secondZeroPoint), multiplier);
  }
}

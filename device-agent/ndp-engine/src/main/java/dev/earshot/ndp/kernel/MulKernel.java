package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * MUL of two operands, of which one may be a constant or repeat; {@link BroadcastKernel} says which
 * elements meet:
 *
 * <pre>
 * output = clamp(outputZeroPoint
 *            + ((q_1 - zeroPoint_1) * (q_2 - zeroPoint_2)) * (scale_1 * scale_2 / outputScale))
 * </pre>
 *
 * The product of the two differences is exact in an int; the multiplication by the real factor is a
 * {@link FixedPoint#multiply} (two roundings). The factor itself is computed in single precision,
 * from left to right, because TFLite's {@code mul.cc} does so (TFLite Micro takes it in double).
 * TFLite's reference {@code MulElementwise} and {@code BroadcastMul6DSlow}.
 */
final class MulKernel extends BroadcastKernel {
  private final int firstZeroPoint;
  private final int secondZeroPoint;
  private final FixedPoint.Multiplier multiplier;
  private final Requantizer.Range range;

  MulKernel(Operator.Mul mul, Slots slots) {
    super(mul, slots);
    firstZeroPoint = mul.first().requireQuantization().zeroPoint();
    secondZeroPoint = mul.second().requireQuantization().zeroPoint();
    multiplier = FixedPoint.Multiplier.of(mul.realMultiplier());
    range = Requantizer.Range.of(mul.output().requireQuantization(), mul.activation());
  }

  @Override
  int combine(int first, int second) {
    int product = (first - firstZeroPoint) * (second - secondZeroPoint);
    return range.clamp(range.zeroPoint() + (long) FixedPoint.multiply(product, multiplier));
  }
}

package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;

/**
 * ADD of operands of different shapes, or of a constant. Scales, rounding and formula are those of
 * {@link AddKernel}:
 *
 * <pre>
 * s      = 2 max(scale1, scale2)
 * a_i    = ((q_i - zeroPoint_i) * 2^20) * (scale_i / s)
 * output = clamp(outputZeroPoint + (a_1 + a_2) * (s / (2^20 * outputScale)))
 * </pre>
 *
 * Each multiplication is a {@link FixedPoint#multiply} (two roundings). TFLite's reference {@code
 * BroadcastAdd6DSlow}.
 */
final class BroadcastAddKernel extends BroadcastKernel {
  private static final int EXTRA_BITS = 20;

  private final int[] firstTable;
  private final int[] secondTable;
  private final FixedPoint.Multiplier multiplier;

  BroadcastAddKernel(Operator.BroadcastAdd add, Slots slots) {
    super(add, add.activation(), slots);
    Quantization first = add.first().requireQuantization();
    Quantization second = add.second().requireQuantization();
    double commonScale = 2 * (double) Math.max(first.scale(), second.scale());
    firstTable = table(first, commonScale);
    secondTable = table(second, commonScale);
    multiplier =
        FixedPoint.Multiplier.of(
            commonScale
                / ((double) (1 << EXTRA_BITS) * add.output().requireQuantization().scale()));
  }

  private static int[] table(Quantization quantization, double commonScale) {
    FixedPoint.Multiplier multiplier = FixedPoint.Multiplier.of(quantization.scale() / commonScale);
    int[] table = new int[256];
    for (int q = Byte.MIN_VALUE; q <= Byte.MAX_VALUE; q++) {
      int widened = (q - quantization.zeroPoint()) << EXTRA_BITS;
      table[q - Byte.MIN_VALUE] = FixedPoint.multiply(widened, multiplier);
    }
    return table;
  }

  @Override
  int combine(byte first, byte second) {
    int sum = firstTable[first - Byte.MIN_VALUE] + secondTable[second - Byte.MIN_VALUE];
    return FixedPoint.multiply(sum, multiplier);
  }
}

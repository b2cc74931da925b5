package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;

/**
 * The sum of two int8 values of different scales, as TFLite's reference {@code AddElementwise}
 * computes it. Both are brought to a common scale {@code s = 2 max(scale1, scale2)} with 20 more
 * bits:
 *
 * <pre>
 * a_i    = ((q_i - zeroPoint_i) * 2^20) * (scale_i / s)
 * output = clamp(outputZeroPoint + (a_1 + a_2) * (s / (2^20 * outputScale)))
 * </pre>
 *
 * where each multiplication is a {@link FixedPoint#multiply} (two roundings). The first two factors
 * take one of 256 values, so they are tables here. Immutable.
 */
public final class QuantizedAddition {
  /** By how many bits operands are widened. */
  public static final int EXTRA_BITS = 20;

  private final FixedPoint.Multiplier firstMultiplier;
  private final FixedPoint.Multiplier secondMultiplier;
  private final int[] firstTable;
  private final int[] secondTable;
  private final FixedPoint.Multiplier multiplier;
  private final Requantizer.Range range;

  /**
   * Of an addition's operands.
   *
   * @param activation fused into it
   */
  public QuantizedAddition(Operator.OfTwoOperands addition, Activation activation) {
    Quantization first = addition.first().requireQuantization();
    Quantization second = addition.second().requireQuantization();
    Quantization output = addition.output().requireQuantization();
    double commonScale = 2 * Math.max(first.scale(), second.scale());
    firstMultiplier = FixedPoint.Multiplier.of(first.scale() / commonScale);
    secondMultiplier = FixedPoint.Multiplier.of(second.scale() / commonScale);
    firstTable = table(first, firstMultiplier);
    secondTable = table(second, secondMultiplier);
    multiplier =
        FixedPoint.Multiplier.of(commonScale / ((double) (1 << EXTRA_BITS) * output.scale()));
    range = Requantizer.Range.of(output, activation);
  }

  private static int[] table(Quantization quantization, FixedPoint.Multiplier multiplier) {
    int[] table = new int[256];
    for (int q = Byte.MIN_VALUE; q <= Byte.MAX_VALUE; q++) {
      int widened = (q - quantization.zeroPoint()) << EXTRA_BITS;
      table[q - Byte.MIN_VALUE] = FixedPoint.multiply(widened, multiplier);
    }
    return table;
  }

  /** The int8 sum of two int8 values. */
  public int add(int first, int second) {
    int sum = firstTable[first - Byte.MIN_VALUE] + secondTable[second - Byte.MIN_VALUE];
    return range.clamp(range.zeroPoint() + (long) FixedPoint.multiply(sum, multiplier));
  }

  /** What brings the first operand to the common scale. */
  public FixedPoint.Multiplier first() {
    return firstMultiplier;
  }

  /** What brings the second operand to the common scale. */
  public FixedPoint.Multiplier second() {
    return secondMultiplier;
  }

  /** What brings the sum to the output's scale. */
  public FixedPoint.Multiplier multiplier() {
    return multiplier;
  }

  /** What can come out. */
  public Requantizer.Range range() {
    return range;
  }
}

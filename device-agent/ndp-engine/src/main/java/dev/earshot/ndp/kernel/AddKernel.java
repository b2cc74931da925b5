package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;

/**
 * ADD of two activations of the same shape, element by element.
 *
 * <p>Both are brought to a common scale {@code s = 2 max(scale1, scale2)} with 20 more bits:
 *
 * <pre>
 * a_i    = ((q_i - zeroPoint_i) * 2^20) * (scale_i / s)
 * output = clamp(outputZeroPoint + (a_1 + a_2) * (s / (2^20 * outputScale)))
 * </pre>
 *
 * where each multiplication is a {@link FixedPoint#multiply} (two roundings) by a constant below
 * one. TFLite's reference {@code AddElementwise}. The first two factors take one of 256 values, so
 * they are tables here.
 */
final class AddKernel implements Kernel {
  private static final int EXTRA_BITS = 20;

  private final int firstSlot;
  private final int secondSlot;
  private final int outputSlot;
  private final int elements;
  private final int[] firstTable;
  private final int[] secondTable;
  private final FixedPoint.Multiplier multiplier;
  private final int zeroPoint;
  private final int lowest;
  private final int highest;

  AddKernel(Operator.Add add, Slots slots) {
    firstSlot = slots.of(add.first());
    secondSlot = slots.of(add.second());
    outputSlot = slots.of(add.output());
    elements = add.output().shape().elements();
    Quantization first = add.first().requireQuantization();
    Quantization second = add.second().requireQuantization();
    Quantization output = add.output().requireQuantization();
    double commonScale = 2 * Math.max(first.scale(), second.scale());
    firstTable = table(first, commonScale);
    secondTable = table(second, commonScale);
    multiplier =
        FixedPoint.Multiplier.of(commonScale / ((double) (1 << EXTRA_BITS) * output.scale()));
    zeroPoint = output.zeroPoint();
    lowest = add.activation().lowestQuantized(output);
    highest = add.activation().highestQuantized(output);
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
  public int scratchFloats() {
    return 0;
  }

  @Override
  public int accumulators() {
    return 0;
  }

  @Override
  public void run(Workspace workspace) {
    byte[] first = workspace.activation(firstSlot);
    byte[] second = workspace.activation(secondSlot);
    byte[] output = workspace.activation(outputSlot);
    for (int i = 0; i < elements; i++) {
      int sum = firstTable[first[i] - Byte.MIN_VALUE] + secondTable[second[i] - Byte.MIN_VALUE];
      int value = zeroPoint + FixedPoint.multiply(sum, multiplier);
      output[i] = (byte) Math.min(Math.max(value, lowest), highest);
    }
  }
}

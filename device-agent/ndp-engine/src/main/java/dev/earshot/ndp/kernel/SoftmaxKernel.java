package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Shape;

/**
 * SOFTMAX along the last dimension, in fixed point throughout (TFLite's reference kernel).
 *
 * <p>For a row x with maximum m: {@code d = beta * scale * (x - m)} with 5 integer bits; {@code e =
 * exp(d)} with none; their sum with 12. The reciprocal of the sum is normalised to [1/2, 1), and
 * {@code output = clamp(round(e / sum * 256) - 128)}; output scale 1/256, zero point -128. Elements
 * so far below the maximum that d would not fit become -128. Since {@code x - m} takes one of 256
 * values, the exponentials are a table.
 */
final class SoftmaxKernel implements Kernel {
  private static final int DIFFERENCE_INTEGER_BITS = 5;
  private static final int SUM_INTEGER_BITS = 12;
  private static final int OUTPUT_BITS = 8;

  private final int inputSlot;
  private final int outputSlot;
  private final int rows;
  private final int depth;

  /** exp by distance below the maximum; 0 marks a distance that does not fit. */
  private final int[] exponentials = new int[256];

  private final int lowestDifference;

  SoftmaxKernel(Operator.Softmax softmax, Slots slots) {
    inputSlot = slots.of(softmax.input());
    outputSlot = slots.of(softmax.output());
    Shape shape = softmax.input().shape();
    depth = shape.dimension(shape.rank() - 1);
    rows = shape.elements() / depth;
    // PreprocessSoftmaxScaling: beta * scale in the format of the differences, at most 2^31 - 1.
    double scale =
        Math.min(
            (double) softmax.beta()
                * softmax.input().requireQuantization().scale()
                * (1 << (31 - DIFFERENCE_INTEGER_BITS)),
            (1L << 31) - 1.0);
    FixedPoint.Multiplier multiplier = FixedPoint.Multiplier.of(scale);
    // CalculateInputRadius: the largest distance whose rescaled value has 5 integer bits.
    double radius =
        ((1 << DIFFERENCE_INTEGER_BITS) - 1)
            * (double) (1L << (31 - DIFFERENCE_INTEGER_BITS))
            / (1L << multiplier.exponent());
    lowestDifference = -(int) Math.floor(radius);
    for (int distance = 0; distance < 256 && -distance >= lowestDifference; distance++) {
      int rescaled =
          FixedPoint.doublingHighMultiply(
              -distance << multiplier.exponent(), multiplier.mantissa());
      exponentials[distance] = FixedPoint.expOfNegative(rescaled);
    }
  }

  @Override
  public int accumulators() {
    return 0;
  }

  @Override
  public void run(Workspace workspace) {
    byte[] input = workspace.activation(inputSlot);
    byte[] output = workspace.activation(outputSlot);
    for (int row = 0; row < rows; row++) {
      runRow(input, output, row * depth);
    }
  }

  private void runRow(byte[] input, byte[] output, int offset) {
    int max = Byte.MIN_VALUE;
    for (int i = 0; i < depth; i++) {
      max = Math.max(max, input[offset + i]);
    }
    int sum = 0;
    for (int i = 0; i < depth; i++) {
      int distance = max - input[offset + i];
      if (-distance >= lowestDifference) {
        sum += FixedPoint.roundingShiftRight(exponentials[distance], SUM_INTEGER_BITS);
      }
    }
    int headroom = Integer.numberOfLeadingZeros(sum);
    int reciprocal = FixedPoint.reciprocalOfOnePlus((sum << headroom) - Integer.MIN_VALUE);
    int shift = SUM_INTEGER_BITS - headroom + 31 - OUTPUT_BITS;
    for (int i = 0; i < depth; i++) {
      int distance = max - input[offset + i];
      int value = Byte.MIN_VALUE;
      if (-distance >= lowestDifference) {
        int share = FixedPoint.doublingHighMultiply(reciprocal, exponentials[distance]);
        value += FixedPoint.roundingShiftRight(share, shift);
      }
      output[offset + i] = (byte) Math.min(value, Byte.MAX_VALUE);
    }
  }
}

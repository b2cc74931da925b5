package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Shape;

/**
 * MEAN over some dimensions of a tensor of any number of dimensions, row-major.
 *
 * <p>With n elements under each mean:
 *
 * <pre>
 * output = clamp(outputZeroPoint + (sum(q) - n * inputZeroPoint) * (inputScale / outputScale / n))
 * </pre>
 *
 * The multiplication is a {@link FixedPoint#multiply} (two roundings). Its mantissa is that of
 * {@code inputScale / outputScale}, shifted left by {@code floor(log2 n)} and divided by n with the
 * remainder cut off: TFLite's reference {@code QuantizedMeanOrSum}, which keeps the shift within 32
 * and the exponent at -31 or above.
 */
final class MeanKernel implements Kernel {
  private static final int LARGEST_SHIFT = 32;

  private final int inputSlot;
  private final int outputSlot;

  /** Sizes and steps through the input of the dimensions that stay, and of those averaged over. */
  private final int[] keptSizes;

  private final int[] keptSteps;
  private final int[] meanSizes;
  private final int[] meanSteps;

  private final int offset;
  private final FixedPoint.Multiplier multiplier;
  private final int zeroPoint;

  MeanKernel(Operator.Mean mean, Slots slots) {
    inputSlot = slots.of(mean.input());
    outputSlot = slots.of(mean.output());
    Shape shape = mean.input().shape();
    int[] steps = StridedCopy.steps(shape);
    int kept = shape.rank() - mean.axes().size();
    keptSizes = new int[kept];
    keptSteps = new int[kept];
    meanSizes = new int[mean.axes().size()];
    meanSteps = new int[mean.axes().size()];
    int k = 0;
    int m = 0;
    int count = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (mean.axes().contains(axis)) {
        meanSizes[m] = shape.dimension(axis);
        meanSteps[m++] = steps[axis];
        count *= shape.dimension(axis);
      } else {
        keptSizes[k] = shape.dimension(axis);
        keptSteps[k++] = steps[axis];
      }
    }
    double inputScale = mean.input().requireQuantization().scale();
    double outputScale = mean.output().requireQuantization().scale();
    multiplier = dividedBy(count, FixedPoint.Multiplier.of(inputScale / outputScale));
    offset = mean.input().requireQuantization().zeroPoint() * count;
    zeroPoint = mean.output().requireQuantization().zeroPoint();
  }

  private static FixedPoint.Multiplier dividedBy(int count, FixedPoint.Multiplier multiplier) {
    int log2 = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count);
    int shift = Math.min(Math.min(log2, LARGEST_SHIFT), 31 + multiplier.exponent());
    long mantissa = ((long) multiplier.mantissa() << shift) / count;
    return new FixedPoint.Multiplier((int) mantissa, multiplier.exponent() - shift);
  }

  @Override
  public void run(Workspace workspace) {
    means(0, workspace.activation(inputSlot), 0, workspace.activation(outputSlot), 0);
  }

  /** Writes the means of everything that starts at {@code from}; returns where the next goes. */
  private int means(int axis, byte[] input, int from, byte[] output, int to) {
    if (axis == keptSizes.length) {
      int scaled = FixedPoint.multiply(sum(0, input, from) - offset, multiplier);
      output[to] = (byte) Math.clamp((long) zeroPoint + scaled, Byte.MIN_VALUE, Byte.MAX_VALUE);
      return to + 1;
    }
    int next = to;
    for (int i = 0; i < keptSizes[axis]; i++) {
      next = means(axis + 1, input, from + i * keptSteps[axis], output, next);
    }
    return next;
  }

  private int sum(int axis, byte[] input, int from) {
    if (axis == meanSizes.length) {
      return input[from];
    }
    int sum = 0;
    for (int i = 0; i < meanSizes[axis]; i++) {
      sum += sum(axis + 1, input, from + i * meanSteps[axis]);
    }
    return sum;
  }
}

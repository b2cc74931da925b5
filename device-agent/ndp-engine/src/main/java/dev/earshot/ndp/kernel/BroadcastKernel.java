package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Shape;

/**
 * An operator that takes two int8 values to one, element by element, over operands of different
 * shapes.
 *
 * <p>Layout: any number of dimensions, row-major. Shapes are aligned at their last dimension; along
 * a dimension where an operand has size 1, or which it lacks, its values repeat, which a step of 0
 * through its elements brings about.
 */
abstract sealed class BroadcastKernel implements Kernel permits BroadcastAddKernel, MulKernel {
  private final Operand first;
  private final Operand second;
  private final int outputSlot;

  /** Per dimension of the output: its size, and how far apart its elements lie. */
  private final int[] sizes;

  private final int[] outputSteps;
  private final int[] firstSteps;
  private final int[] secondSteps;

  BroadcastKernel(Operator.OfTwoOperands operator, Slots slots) {
    first = new Operand(operator.first(), slots);
    second = new Operand(operator.second(), slots);
    outputSlot = slots.of(operator.output());
    Shape shape = operator.output().shape();
    sizes = shape.dimensions().stream().mapToInt(Integer::intValue).toArray();
    outputSteps = StridedCopy.steps(shape);
    firstSteps = steps(operator.first().shape(), shape.rank());
    secondSteps = steps(operator.second().shape(), shape.rank());
  }

  /** The steps of an operand along the dimensions of the output; 0 where its values repeat. */
  private static int[] steps(Shape operand, int rank) {
    int[] own = StridedCopy.steps(operand);
    int missing = rank - operand.rank();
    int[] steps = new int[rank];
    for (int axis = 0; axis < operand.rank(); axis++) {
      steps[missing + axis] = operand.dimension(axis) == 1 ? 0 : own[axis];
    }
    return steps;
  }

  /** The int8 result for two int8 values. */
  abstract int combine(int first, int second);

  @Override
  public final void run(Workspace workspace) {
    run(
        0,
        first.values(workspace),
        0,
        second.values(workspace),
        0,
        workspace.activation(outputSlot),
        0);
  }

  private void run(int axis, byte[] first, int i, byte[] second, int j, byte[] output, int at) {
    if (axis == sizes.length) {
      output[at] = (byte) combine(first[i], second[j]);
      return;
    }
    for (int n = 0; n < sizes[axis]; n++) {
      run(
          axis + 1,
          first,
          i + n * firstSteps[axis],
          second,
          j + n * secondSteps[axis],
          output,
          at + n * outputSteps[axis]);
    }
  }
}

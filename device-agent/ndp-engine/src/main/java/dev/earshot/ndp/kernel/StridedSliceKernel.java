package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * STRIDED_SLICE: every n-th element of a range along each dimension, {@code output[i, j, ...] =
 * input[begin_0 + i * stride_0, begin_1 + j * stride_1, ...]}.
 *
 * <p>A dimension that is shrunk away has one index; it adds nothing to the output's row-major
 * order. Input and output share scale and zero point, so int8 values move unchanged; nothing is
 * rounded or clamped.
 */
final class StridedSliceKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final StridedCopy copy;

  StridedSliceKernel(Operator.StridedSlice slice, Slots slots) {
    inputSlot = slots.of(slice.input());
    outputSlot = slots.of(slice.output());
    int rank = slice.sizes().size();
    int[] inputSteps = StridedCopy.steps(slice.input().shape());
    int[] sizes = new int[rank];
    int[] sourceSteps = new int[rank];
    int[] targetSteps = new int[rank];
    int start = 0;
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      sizes[axis] = slice.sizes().get(axis);
      start += slice.begin().get(axis) * inputSteps[axis];
      // One index needs no step, and its stride may be anything.
      sourceSteps[axis] = sizes[axis] == 1 ? 0 : slice.strides().get(axis) * inputSteps[axis];
      targetSteps[axis] = step;
      step *= sizes[axis];
    }
    copy = new StridedCopy(sizes, start, sourceSteps, 0, targetSteps);
  }

  @Override
  public void run(Workspace workspace) {
    copy.run(workspace.activation(inputSlot), workspace.activation(outputSlot));
  }
}

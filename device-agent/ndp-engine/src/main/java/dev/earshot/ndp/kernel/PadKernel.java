package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import java.util.Arrays;

/**
 * PAD and PADV2: the input in the middle of a larger tensor of any number of dimensions.
 *
 * <p>Input and output share scale and zero point, so int8 values move unchanged: {@code output[i +
 * before] = input[i]}; every other element is the border's value, which for PAD is the zero point,
 * the real 0. Nothing is rounded or clamped.
 */
final class PadKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final int elements;
  private final byte value;
  private final StridedCopy copy;

  PadKernel(Operator.Pad pad, Slots slots) {
    inputSlot = slots.of(pad.input());
    outputSlot = slots.of(pad.output());
    elements = pad.output().shape().elements();
    value = (byte) pad.value();
    int[] outputSteps = StridedCopy.steps(pad.output().shape());
    int start = 0;
    for (int axis = 0; axis < outputSteps.length; axis++) {
      start += pad.before().get(axis) * outputSteps[axis];
    }
    int[] sizes = pad.input().shape().dimensions().stream().mapToInt(Integer::intValue).toArray();
    copy = new StridedCopy(sizes, 0, StridedCopy.steps(pad.input().shape()), start, outputSteps);
  }

  @Override
  public void run(Workspace workspace) {
    byte[] output = workspace.activation(outputSlot);
    Arrays.fill(output, 0, elements, value);
    copy.run(workspace.activation(inputSlot), output);
  }
}

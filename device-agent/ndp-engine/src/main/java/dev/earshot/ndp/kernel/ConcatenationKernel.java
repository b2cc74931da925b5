package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;

/**
 * CONCATENATION: tensors one after the other along a dimension, all else alike.
 *
 * <p>All inputs and the output share scale and zero point (TFLite's int8 kernel demands it), so
 * int8 values move unchanged: {@code output[..., offset_n + i, ...] = input_n[..., i, ...]}, where
 * offset_n is the sum of the sizes of the inputs before. Nothing is rounded or clamped.
 */
final class ConcatenationKernel implements Kernel {
  private final int outputSlot;
  private final Operand[] inputs;
  private final StridedCopy[] copies;

  ConcatenationKernel(Operator.Concatenation concatenation, Slots slots) {
    outputSlot = slots.of(concatenation.output());
    int count = concatenation.inputs().size();
    int[] outputSteps = StridedCopy.steps(concatenation.output().shape());
    inputs = new Operand[count];
    copies = new StridedCopy[count];
    int offset = 0;
    for (int n = 0; n < count; n++) {
      Tensor input = concatenation.inputs().get(n);
      inputs[n] = new Operand(input, slots);
      int[] sizes = input.shape().dimensions().stream().mapToInt(Integer::intValue).toArray();
      copies[n] =
          new StridedCopy(
              sizes,
              0,
              StridedCopy.steps(input.shape()),
              offset * outputSteps[concatenation.axis()],
              outputSteps);
      offset += sizes[concatenation.axis()];
    }
  }

  @Override
  public void run(Workspace workspace) {
    byte[] output = workspace.activation(outputSlot);
    for (int n = 0; n < inputs.length; n++) {
      copies[n].run(inputs[n].values(workspace), output);
    }
  }
}

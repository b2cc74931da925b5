package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * ADD of two activations of the same shape, element by element; {@link QuantizedAddition} has the
 * formula.
 */
final class AddKernel implements Kernel {
  private final int firstSlot;
  private final int secondSlot;
  private final int outputSlot;
  private final int elements;
  private final QuantizedAddition addition;

  AddKernel(Operator.Add add, Slots slots) {
    firstSlot = slots.of(add.first());
    secondSlot = slots.of(add.second());
    outputSlot = slots.of(add.output());
    elements = add.output().shape().elements();
    addition = new QuantizedAddition(add, add.activation());
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
      output[i] = (byte) addition.add(first[i], second[i]);
    }
  }
}

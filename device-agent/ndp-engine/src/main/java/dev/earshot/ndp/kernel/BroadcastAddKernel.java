package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * ADD of operands of different shapes, or of a constant; {@link QuantizedAddition} has the formula,
 * and {@link BroadcastKernel} says which elements meet. TFLite's reference {@code
 * BroadcastAdd6DSlow}.
 */
final class BroadcastAddKernel extends BroadcastKernel {
  private final QuantizedAddition addition;

  BroadcastAddKernel(Operator.BroadcastAdd add, Slots slots) {
    super(add, slots);
    addition = new QuantizedAddition(add, add.activation());
  }

  @Override
  int combine(int first, int second) {
    return addition.add(first, second);
  }
}

package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Tensor;
import org.jspecify.annotations.Nullable;

/** Where a kernel finds the int8 values of an operand: in the workspace, or stored in the model. */
final class Operand {
  private final int slot;
  private final byte @Nullable [] stored;

  Operand(Tensor tensor, Slots slots) {
    if (tensor.isConstant()) {
      slot = -1;
      stored = tensor.weightValues();
    } else {
      slot = slots.of(tensor);
      stored = null;
    }
  }

  byte[] values(Workspace workspace) {
    return stored == null ? workspace.activation(slot) : stored;
  }
}

package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gives every activation its place in the workspace while a program is being prepared. */
public final class Slots {
  private final int[] slotOfTensor;
  private final List<Integer> sizes = new ArrayList<>();

  /**
   * @param tensorCount every tensor's index is below it
   */
  public Slots(int tensorCount) {
    slotOfTensor = new int[tensorCount];
    Arrays.fill(slotOfTensor, -1);
  }

  /** Where that activation lives; a new place when it has none. */
  public int of(Tensor activation) {
    int slot = slotOfTensor[activation.index()];
    if (slot < 0) {
      slot = sizes.size();
      slotOfTensor[activation.index()] = slot;
      sizes.add(activation.shape().elements());
    }
    return slot;
  }

  /** Lets {@code alias} live where {@code original} lives: a reshape moves nothing. */
  public void alias(Tensor original, Tensor alias) {
    slotOfTensor[alias.index()] = of(original);
  }

  int[] activationSizes() {
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }
}

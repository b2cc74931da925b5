package dev.earshot.ndp.kernel;

/**
 * Everything that one inference of the plain kernels writes. Belongs to one thread at a time; holds
 * nothing of value between inferences, so that thousands of devices on one thread share one.
 */
public final class Workspace {
  private final byte[][] activations;

  /** Sums of one output row. */
  final int[] sums;

  /**
   * @param slots whose activations it holds
   * @param accumulators the longest row that a kernel sums
   */
  public Workspace(Slots slots, int accumulators) {
    int[] sizes = slots.activationSizes();
    activations = new byte[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      activations[i] = new byte[sizes[i]];
    }
    sums = new int[accumulators];
  }

  /** The activation in a slot of {@link Slots}. */
  public byte[] activation(int slot) {
    return activations[slot];
  }

  /** Bytes that it holds. */
  public long bytes() {
    long bytes = 4L * sums.length;
    for (byte[] activation : activations) {
      bytes += activation.length;
    }
    return bytes;
  }
}

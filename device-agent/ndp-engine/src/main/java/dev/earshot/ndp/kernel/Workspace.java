package dev.earshot.ndp.kernel;

/**
 * Everything that one inference writes: activations, padded inputs, accumulators. Belongs to one
 * thread at a time; holds nothing of value between inferences, so that thousands of devices on one
 * thread share one.
 */
final class Workspace {
  private final byte[][] activations;
  private final float[][] scratch;

  /** Partial sums of one output row in floating point, and of a second row beside it. */
  final float[] partial;

  final float[] partial2;

  /** Full sums of one output row, and of a second row beside it. */
  final int[] sums;

  final int[] sums2;

  Workspace(byte[][] activations, float[][] scratch, int accumulators) {
    this.activations = activations;
    this.scratch = scratch;
    this.partial = new float[accumulators];
    this.partial2 = new float[accumulators];
    this.sums = new int[accumulators];
    this.sums2 = new int[accumulators];
  }

  byte[] activation(int slot) {
    return activations[slot];
  }

  float[] scratch(int slot) {
    return scratch[slot];
  }
}

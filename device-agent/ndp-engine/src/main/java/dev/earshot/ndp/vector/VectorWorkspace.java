package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Workspace;

/**
 * Everything that one inference of a vector program writes. Belongs to one thread at a time; holds
 * nothing of value between inferences but the zeros around planes.
 */
final class VectorWorkspace {
  private final Workspace bytes;
  private final float[][] planes;
  private final long planeBytes;

  /** The sums of some rows of output. */
  final float[] sums;

  /** A panel of weights. */
  final float[] weights;

  /** Transformed inputs of a {@link WinogradStep}. */
  final float[] patches;

  /** Their sums over channels. */
  final float[] products;

  /** How many floats steps need to work with, at most. */
  record Sums(int sums, int weights, int patches, int products) {
    static Sums of(Step[] steps) {
      Sums sizes = new Sums(0, 0, 0, 0);
      for (Step step : steps) {
        sizes =
            new Sums(
                Math.max(sizes.sums, step.sums()),
                Math.max(sizes.weights, step.weights()),
                Math.max(sizes.patches, step.patches()),
                Math.max(sizes.products, step.products()));
      }
      return sizes;
    }
  }

  VectorWorkspace(Workspace bytes, float[][] planes, long planeBytes, Sums sizes) {
    this.bytes = bytes;
    this.planes = planes;
    this.planeBytes = planeBytes;
    sums = new float[sizes.sums()];
    weights = new float[sizes.weights()];
    patches = new float[sizes.patches()];
    products = new float[sizes.products()];
  }

  /** What plain kernels work on. */
  Workspace bytes() {
    return bytes;
  }

  float[] plane(int id) {
    return planes[id];
  }

  /** Bytes that it holds. */
  long size() {
    return bytes.bytes()
        + planeBytes
        + 4L * (sums.length + weights.length + patches.length + products.length);
  }
}

package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Workspace;

/**
 * Everything that one inference of a vector program writes. Belongs to one thread at a time; holds
 * nothing of value between inferences but the zeros around the planes.
 */
final class VectorWorkspace {
  private final Workspace bytes;
  private final float[][] planes;

  /** The sums of some rows of output. */
  final float[] sums;

  VectorWorkspace(Workspace bytes, float[][] planes, int sums) {
    this.bytes = bytes;
    this.planes = planes;
    this.sums = new float[sums];
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
    long floats = sums.length;
    for (float[] plane : planes) {
      floats += plane.length;
    }
    return bytes.bytes() + 4 * floats;
  }
}

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

  VectorWorkspace(Workspace bytes, float[][] planes, long planeBytes, int sums) {
    this.bytes = bytes;
    this.planes = planes;
    this.planeBytes = planeBytes;
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
    return bytes.bytes() + planeBytes + 4L * sums.length;
  }
}

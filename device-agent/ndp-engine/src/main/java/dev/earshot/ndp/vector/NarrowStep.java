package dev.earshot.ndp.vector;

import dev.earshot.ndp.plan.Plane;

/** Takes an int8 activation out of a plane: {@code value = plane + zeroPoint}. */
record NarrowStep(int id, Plane plane, int slot, int zeroPoint) implements Step {
  @Override
  public void run(VectorWorkspace workspace) {
    copy(plane, workspace.plane(id), zeroPoint, workspace.bytes().activation(slot));
  }

  static void copy(Plane plane, float[] from, int zeroPoint, byte[] to) {
    int length = plane.width() * plane.channels();
    for (int y = 0; y < plane.height(); y++) {
      narrow(from, plane.start(y, 0), to, y * length, length, zeroPoint);
    }
  }

  private static void narrow(
      float[] from, int start, byte[] to, int at, int length, int zeroPoint) {
    for (int i = 0; i < length; i++) {
      to[at + i] = (byte) ((int) from[start + i] + zeroPoint);
    }
  }
}

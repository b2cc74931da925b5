package dev.earshot.ndp.vector;

import dev.earshot.ndp.plan.Plane;

/** Puts an int8 activation into a plane: {@code plane = value - zeroPoint}. */
record WidenStep(int slot, int id, Plane plane, int zeroPoint) implements Step {
  @Override
  public void run(VectorWorkspace workspace) {
    byte[] from = workspace.bytes().activation(slot);
    float[] to = workspace.plane(id);
    int length = plane.width() * plane.channels();
    for (int y = 0; y < plane.height(); y++) {
      Widening.copy(from, y * length, to, plane.start(y, 0), length, zeroPoint);
    }
  }
}

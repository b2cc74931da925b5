package dev.earshot.ndp.vector;

import dev.earshot.ndp.plan.Plane;
import java.util.Arrays;

/** Makes the border of a plane zero again, where planes of other shapes share its array. */
record ClearStep(int id, Plane plane) implements Step {
  @Override
  public void run(VectorWorkspace workspace) {
    float[] values = workspace.plane(id);
    int length = plane.width() * plane.channels();
    int from = 0;
    for (int y = 0; y < plane.height(); y++) {
      int row = plane.start(y, 0);
      Arrays.fill(values, from, row, 0);
      from = row + length;
    }
    Arrays.fill(values, from, plane.elements(), 0);
  }
}

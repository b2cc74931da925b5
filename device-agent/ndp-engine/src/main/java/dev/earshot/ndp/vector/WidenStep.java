package dev.earshot.ndp.vector;

/** Puts an int8 activation into a plane: {@code plane = value - zeroPoint}. */
record WidenStep(int slot, int id, Plane plane, int[] rows, int zeroPoint) implements Step {
  static WidenStep of(int slot, int id, Plane plane, int zeroPoint) {
    return new WidenStep(slot, id, plane, rows(plane), zeroPoint);
  }

  /** Where the rows of a plane's image start. */
  static int[] rows(Plane plane) {
    int[] rows = new int[plane.height()];
    for (int y = 0; y < rows.length; y++) {
      rows[y] = plane.start(y, 0);
    }
    return rows;
  }

  @Override
  public void run(VectorWorkspace workspace) {
    byte[] from = workspace.bytes().activation(slot);
    float[] to = workspace.plane(id);
    int length = plane.width() * plane.channels();
    for (int y = 0; y < rows.length; y++) {
      Widening.copy(from, y * length, to, rows[y], length, zeroPoint);
    }
  }

  @Override
  public int sums() {
    return 0;
  }
}

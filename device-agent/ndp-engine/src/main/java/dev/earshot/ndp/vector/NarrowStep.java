package dev.earshot.ndp.vector;

/** Takes an int8 activation out of a plane: {@code value = plane + zeroPoint}. */
record NarrowStep(int id, Plane plane, int[] rows, int slot, int zeroPoint) implements Step {
  static NarrowStep of(int id, Plane plane, int slot, int zeroPoint) {
    return new NarrowStep(id, plane, WidenStep.rows(plane), slot, zeroPoint);
  }

  @Override
  public void run(VectorWorkspace workspace) {
    copy(workspace.plane(id), workspace.bytes().activation(slot));
  }

  void copy(float[] from, byte[] to) {
    int length = plane.width() * plane.channels();
    for (int y = 0; y < rows.length; y++) {
      narrow(from, rows[y], to, y * length, length, zeroPoint);
    }
  }

  private static void narrow(
      float[] from, int start, byte[] to, int at, int length, int zeroPoint) {
    for (int i = 0; i < length; i++) {
      to[at + i] = (byte) ((int) from[start + i] + zeroPoint);
    }
  }

  @Override
  public int sums() {
    return 0;
  }
}

package dev.earshot.ndp.differential;

import java.util.Arrays;

/** An int8 activation in the file that is being drawn: where a step begins or ends. */
final class Port {
  private final int tensor;
  private final float scale;
  private final int zeroPoint;
  private final int[] shape;

  Port(int tensor, float scale, int zeroPoint, int... shape) {
    this.tensor = tensor;
    this.scale = scale;
    this.zeroPoint = zeroPoint;
    this.shape = shape.clone();
  }

  /** Its index in the file. */
  int tensor() {
    return tensor;
  }

  float scale() {
    return scale;
  }

  int zeroPoint() {
    return zeroPoint;
  }

  int[] shape() {
    return shape.clone();
  }

  int rank() {
    return shape.length;
  }

  int dimension(int axis) {
    return shape[axis];
  }

  int elements() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Whether it is 1 x height x width x channels. */
  boolean isImage() {
    return shape.length == 4 && shape[0] == 1;
  }

  @Override
  public String toString() {
    return Arrays.toString(shape) + " scale " + scale + " zero " + zeroPoint;
  }
}

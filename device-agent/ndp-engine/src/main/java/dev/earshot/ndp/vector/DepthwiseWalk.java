package dev.earshot.ndp.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The sums of the commonest depthwise window, dense 3 x 3 with a stride of 1, for one vector of
 * channels: nine weights stay in registers while the window walks along each row, and each column
 * of three inputs is loaded once for the three outputs that it is part of.
 */
final class DepthwiseWalk {
  private DepthwiseWalk() {}

  /**
   * Sums some rows of output pixels.
   *
   * @param start of the first window's first channel of the vector
   * @param rowStep floats from one input row to the next
   * @param columnStep floats from one input pixel to the next
   * @param weights nine vectors from {@code at} on, row by row
   * @param sums receives a vector for each output pixel
   */
  static void sum(
      float[] input,
      int start,
      int rowStep,
      int columnStep,
      int rows,
      int columns,
      float[] weights,
      int at,
      float[] sums) {
    FloatVector w00 = FloatVector.fromArray(Lanes.FLOATS, weights, at);
    FloatVector w01 = FloatVector.fromArray(Lanes.FLOATS, weights, at + Lanes.COUNT);
    FloatVector w02 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 2 * Lanes.COUNT);
    FloatVector w10 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 3 * Lanes.COUNT);
    FloatVector w11 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 4 * Lanes.COUNT);
    FloatVector w12 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 5 * Lanes.COUNT);
    FloatVector w20 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 6 * Lanes.COUNT);
    FloatVector w21 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 7 * Lanes.COUNT);
    FloatVector w22 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 8 * Lanes.COUNT);
    int to = 0;
    for (int row = 0; row < rows; row++) {
      int in = start + row * rowStep;
      FloatVector top = FloatVector.fromArray(Lanes.FLOATS, input, in);
      FloatVector middle = FloatVector.fromArray(Lanes.FLOATS, input, in + rowStep);
      FloatVector bottom = FloatVector.fromArray(Lanes.FLOATS, input, in + 2 * rowStep);
      // One column of the next output is in, then two, then all three.
      FloatVector one = bottom.fma(w20, middle.fma(w10, top.mul(w00)));
      in += columnStep;
      top = FloatVector.fromArray(Lanes.FLOATS, input, in);
      middle = FloatVector.fromArray(Lanes.FLOATS, input, in + rowStep);
      bottom = FloatVector.fromArray(Lanes.FLOATS, input, in + 2 * rowStep);
      FloatVector two = bottom.fma(w21, middle.fma(w11, top.fma(w01, one)));
      one = bottom.fma(w20, middle.fma(w10, top.mul(w00)));
      in += columnStep;
      for (int column = 0; column < columns; column++) {
        top = FloatVector.fromArray(Lanes.FLOATS, input, in);
        middle = FloatVector.fromArray(Lanes.FLOATS, input, in + rowStep);
        bottom = FloatVector.fromArray(Lanes.FLOATS, input, in + 2 * rowStep);
        bottom.fma(w22, middle.fma(w12, top.fma(w02, two))).intoArray(sums, to);
        two = bottom.fma(w21, middle.fma(w11, top.fma(w01, one)));
        one = bottom.fma(w20, middle.fma(w10, top.mul(w00)));
        in += columnStep;
        to += Lanes.COUNT;
      }
    }
  }
}

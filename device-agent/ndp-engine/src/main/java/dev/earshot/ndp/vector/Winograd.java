package dev.earshot.ndp.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The three transforms of F(2 x 2, 3 x 3):
 *
 * <pre>
 *      1  0 -1  0          2  0  0          1  1  1  0
 * B' = 0  1  1  0    2 G = 1  1  1     A' = 0  1 -1 -1
 *      0 -1  1  0          1 -1  1
 *      0  1  0 -1          0  0  2
 * </pre>
 */
final class Winograd {
  /** Positions of a transformed tile. */
  static final int POSITIONS = 16;

  /** Row 1 and column 1, where both factors of B' have no minus. */
  private static final int ONLY_ADDS = 5;

  private static final int FLOAT_INTEGERS = 1 << 24;

  private Winograd() {}

  /** Transformed weights of a convolution. */
  @FunctionalInterface
  interface Weights {
    /** Four times {@code G g G'} at a position. */
    int weight(int position, int input, int output);
  }

  /**
   * Four times {@code G g G'} of the nine weights of one input and one output channel.
   *
   * @param g the weights, row by row
   */
  static int[] transformed(int[] g) {
    int[] half = new int[12];
    for (int column = 0; column < 3; column++) {
      int a = g[column];
      int b = g[3 + column];
      int c = g[6 + column];
      half[column] = 2 * a;
      half[3 + column] = a + b + c;
      half[6 + column] = a - b + c;
      half[9 + column] = 2 * c;
    }
    int[] whole = new int[POSITIONS];
    for (int row = 0; row < 4; row++) {
      int a = half[3 * row];
      int b = half[3 * row + 1];
      int c = half[3 * row + 2];
      whole[4 * row] = 2 * a;
      whole[4 * row + 1] = a + b + c;
      whole[4 * row + 2] = a - b + c;
      whole[4 * row + 3] = 2 * c;
    }
    return whole;
  }

  /**
   * Whether the sums over channels stay exact in floats at every position. A transformed input is a
   * sum of four inputs where B' only adds, and of two differences of inputs everywhere else.
   *
   * @param low smallest input minus zero point, at most 0
   * @param high largest input minus zero point, at least 0
   */
  static boolean areExact(Weights transformed, int inputs, int outputs, int low, int high) {
    for (int position = 0; position < POSITIONS; position++) {
      boolean onlyAdds = position == ONLY_ADDS;
      long most = onlyAdds ? 4L * high : 2L * (high - low);
      long least = onlyAdds ? 4L * low : -most;
      for (int o = 0; o < outputs; o++) {
        long upward = 0;
        long downward = 0;
        for (int i = 0; i < inputs; i++) {
          int weight = transformed.weight(position, i, o);
          upward += Math.max(weight * most, weight * least);
          downward += Math.max(-weight * most, -weight * least);
        }
        if (Math.max(upward, downward) >= FLOAT_INTEGERS) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * {@code B' d B} for one vector of channels.
   *
   * @param at the first of 4 x 4 inputs
   * @param row floats from one row of inputs to the next
   * @param pixel floats from one input to the next
   * @param patches receives a vector for each position from {@code to} on, {@code step} floats
   *     apart
   */
  static void transformInput(
      float[] input, int at, int row, int pixel, float[] patches, int to, int step) {
    int at1 = at + row;
    int at2 = at1 + row;
    int at3 = at2 + row;
    FloatVector d00 = FloatVector.fromArray(Lanes.FLOATS, input, at);
    FloatVector d10 = FloatVector.fromArray(Lanes.FLOATS, input, at1);
    FloatVector d20 = FloatVector.fromArray(Lanes.FLOATS, input, at2);
    FloatVector d30 = FloatVector.fromArray(Lanes.FLOATS, input, at3);
    FloatVector t00 = d00.sub(d20);
    FloatVector t10 = d10.add(d20);
    FloatVector t20 = d20.sub(d10);
    FloatVector t30 = d10.sub(d30);
    FloatVector d01 = FloatVector.fromArray(Lanes.FLOATS, input, at + pixel);
    FloatVector d11 = FloatVector.fromArray(Lanes.FLOATS, input, at1 + pixel);
    FloatVector d21 = FloatVector.fromArray(Lanes.FLOATS, input, at2 + pixel);
    FloatVector d31 = FloatVector.fromArray(Lanes.FLOATS, input, at3 + pixel);
    FloatVector t01 = d01.sub(d21);
    FloatVector t11 = d11.add(d21);
    FloatVector t21 = d21.sub(d11);
    FloatVector t31 = d11.sub(d31);
    FloatVector d02 = FloatVector.fromArray(Lanes.FLOATS, input, at + 2 * pixel);
    FloatVector d12 = FloatVector.fromArray(Lanes.FLOATS, input, at1 + 2 * pixel);
    FloatVector d22 = FloatVector.fromArray(Lanes.FLOATS, input, at2 + 2 * pixel);
    FloatVector d32 = FloatVector.fromArray(Lanes.FLOATS, input, at3 + 2 * pixel);
    FloatVector t02 = d02.sub(d22);
    FloatVector t12 = d12.add(d22);
    FloatVector t22 = d22.sub(d12);
    FloatVector t32 = d12.sub(d32);
    FloatVector d03 = FloatVector.fromArray(Lanes.FLOATS, input, at + 3 * pixel);
    FloatVector d13 = FloatVector.fromArray(Lanes.FLOATS, input, at1 + 3 * pixel);
    FloatVector d23 = FloatVector.fromArray(Lanes.FLOATS, input, at2 + 3 * pixel);
    FloatVector d33 = FloatVector.fromArray(Lanes.FLOATS, input, at3 + 3 * pixel);
    FloatVector t03 = d03.sub(d23);
    FloatVector t13 = d13.add(d23);
    FloatVector t23 = d23.sub(d13);
    FloatVector t33 = d13.sub(d33);
    t00.sub(t02).intoArray(patches, to);
    t01.add(t02).intoArray(patches, to + step);
    t02.sub(t01).intoArray(patches, to + 2 * step);
    t01.sub(t03).intoArray(patches, to + 3 * step);
    t10.sub(t12).intoArray(patches, to + 4 * step);
    t11.add(t12).intoArray(patches, to + 5 * step);
    t12.sub(t11).intoArray(patches, to + 6 * step);
    t11.sub(t13).intoArray(patches, to + 7 * step);
    t20.sub(t22).intoArray(patches, to + 8 * step);
    t21.add(t22).intoArray(patches, to + 9 * step);
    t22.sub(t21).intoArray(patches, to + 10 * step);
    t21.sub(t23).intoArray(patches, to + 11 * step);
    t30.sub(t32).intoArray(patches, to + 12 * step);
    t31.add(t32).intoArray(patches, to + 13 * step);
    t32.sub(t31).intoArray(patches, to + 14 * step);
    t31.sub(t33).intoArray(patches, to + 15 * step);
  }

  /**
   * A quarter of {@code A' m A} for one vector of channels: the sums of four pixels.
   *
   * @param products a vector for each position from {@code at} on, {@code step} floats apart
   * @param sums receives the pixels' sums from {@code to} on, {@code pixel} floats apart
   */
  static void transformOutput(float[] products, int at, int step, float[] sums, int to, int pixel) {
    IntVector m00 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at).convert(VectorOperators.F2I, 0);
    IntVector m10 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 4 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m20 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 8 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m30 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 12 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector s00 = m00.add(m10).add(m20);
    IntVector s10 = m10.sub(m20).sub(m30);
    IntVector m01 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + step)
                .convert(VectorOperators.F2I, 0);
    IntVector m11 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 5 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m21 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 9 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m31 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 13 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector s01 = m01.add(m11).add(m21);
    IntVector s11 = m11.sub(m21).sub(m31);
    IntVector m02 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 2 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m12 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 6 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m22 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 10 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m32 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 14 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector s02 = m02.add(m12).add(m22);
    IntVector s12 = m12.sub(m22).sub(m32);
    IntVector m03 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 3 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m13 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 7 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m23 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 11 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector m33 =
        (IntVector)
            FloatVector.fromArray(Lanes.FLOATS, products, at + 15 * step)
                .convert(VectorOperators.F2I, 0);
    IntVector s03 = m03.add(m13).add(m23);
    IntVector s13 = m13.sub(m23).sub(m33);
    s00.add(s01)
        .add(s02)
        .lanewise(VectorOperators.ASHR, 2)
        .convert(VectorOperators.I2F, 0)
        .reinterpretAsFloats()
        .intoArray(sums, to);
    s01.sub(s02)
        .sub(s03)
        .lanewise(VectorOperators.ASHR, 2)
        .convert(VectorOperators.I2F, 0)
        .reinterpretAsFloats()
        .intoArray(sums, to + pixel);
    s10.add(s11)
        .add(s12)
        .lanewise(VectorOperators.ASHR, 2)
        .convert(VectorOperators.I2F, 0)
        .reinterpretAsFloats()
        .intoArray(sums, to + 2 * pixel);
    s11.sub(s12)
        .sub(s13)
        .lanewise(VectorOperators.ASHR, 2)
        .convert(VectorOperators.I2F, 0)
        .reinterpretAsFloats()
        .intoArray(sums, to + 3 * pixel);
  }
}

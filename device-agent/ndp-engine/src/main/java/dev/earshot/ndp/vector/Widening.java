package dev.earshot.ndp.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** From int8 values to floats. */
final class Widening {
  private Widening() {}

  /** A vector of floats from as many bytes; some bytes more are read where vectors are short. */
  static FloatVector vector(byte[] from, int at) {
    return (FloatVector)
        ByteVector.fromArray(Lanes.BYTES, from, at)
            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
  }

  /** {@code to[start + i] = from[at + i] - zeroPoint} for {@code length} i. */
  static void copy(byte[] from, int at, float[] to, int start, int length, int zeroPoint) {
    int i = 0;
    // Within this stretch, so that nothing beside it is read.
    for (; i <= length - Lanes.BYTES.length(); i += Lanes.COUNT) {
      vector(from, at + i).sub(zeroPoint).intoArray(to, start + i);
    }
    for (; i < length; i++) {
      to[start + i] = from[at + i] - zeroPoint;
    }
  }
}

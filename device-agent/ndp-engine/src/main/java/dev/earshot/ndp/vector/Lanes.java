package dev.earshot.ndp.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vectors of this machine. */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  /** Floats in a vector. */
  static final int COUNT = FLOATS.length();

  /** As many bytes as a vector has floats; 64 bits is the shortest vector there is. */
  static final VectorSpecies<Byte> BYTES =
      COUNT < 8
          ? ByteVector.SPECIES_64
          : VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * COUNT));

  private Lanes() {}

  /** Vectors that hold that many floats. */
  static int vectors(int floats) {
    return (floats + COUNT - 1) / COUNT;
  }

  /** The next multiple of a vector's length. */
  static int roundedUp(int floats) {
    return vectors(floats) * COUNT;
  }
}

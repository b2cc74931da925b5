package dev.earshot.ndp.machine;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * What machine code reads and never writes: weights, multipliers, biases. Grows while a model is
 * being compiled; every constant starts at a multiple of 64 bytes, the size of a vector.
 */
final class Constants {
  /** Bytes of a vector. */
  static final int VECTOR = 64;

  /** 32-bit lanes of a vector. */
  static final int LANES = 16;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Where the next constant goes, from the first one. */
  int here() {
    return bytes.size();
  }

  void put(byte value) {
    bytes.write(value);
  }

  /** A vector of 32-bit lanes; returns where it is. */
  int put(IntUnaryOperator lanes) {
    int start = here();
    for (int lane = 0; lane < LANES; lane++) {
      put32(lanes.applyAsInt(lane));
    }
    return start;
  }

  /** A vector of 32-bit lanes that are all the same; returns where it is. */
  int putInts(int value) {
    return put(lane -> value);
  }

  /** Half as many lanes of 64 bits; returns where they are. */
  int putDoubles(IntToDoubleFunction lanes) {
    int start = here();
    for (int lane = 0; lane < LANES / 2; lane++) {
      put64(Double.doubleToRawLongBits(lanes.applyAsDouble(lane)));
    }
    return start;
  }

  /** Lanes of 64 bits that are all the same; returns where they are. */
  int putLongs(long value) {
    int start = here();
    for (int lane = 0; lane < LANES / 2; lane++) {
      put64(value);
    }
    return start;
  }

  private void put32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.write(value >> shift);
    }
  }

  private void put64(long value) {
    put32((int) value);
    put32((int) (value >> 32));
  }

  /** All of them, outside of the heap. */
  MemorySegment toMemory() {
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(VECTOR, bytes.size()), VECTOR);
    MemorySegment.copy(bytes.toByteArray(), 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.size());
    return memory;
  }
}

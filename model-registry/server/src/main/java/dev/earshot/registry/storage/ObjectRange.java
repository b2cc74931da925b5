package dev.earshot.registry.storage;

import java.io.EOFException;
import java.io.IOException;

/** Which part of an object is asked for. */
final class ObjectRange {
  private ObjectRange() {}

  /**
   * @throws IOException when an object of that size does not have that part
   */
  static void require(String key, long offset, long length, long size) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "range of %s: %d+%d (expected: both at least 0)".formatted(key, offset, length));
    }
    if (offset > size || length > size - offset) {
      throw new EOFException(
          "range of %s: %d+%d (expected: within %d bytes)".formatted(key, offset, length, size));
    }
  }
}

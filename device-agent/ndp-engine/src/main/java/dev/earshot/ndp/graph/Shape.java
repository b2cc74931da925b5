package dev.earshot.ndp.graph;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The dimensions of a tensor, outermost first (NHWC for images and sequences). A scalar has no
 * dimensions. The product of the dimensions fits an int: the reader refuses larger ones.
 *
 * @param dimensions each at least 1
 */
public record Shape(List<Integer> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    long elements = 1;
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw new IllegalArgumentException("dimension: " + dimension + " (expected: >= 1)");
      }
      elements = Math.multiplyExact(elements, (long) dimension);
    }
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("elements: " + elements + " (expected: < 2^31)");
    }
  }

  public static Shape of(Integer... dimensions) {
    return new Shape(List.of(dimensions));
  }

  public int rank() {
    return dimensions.size();
  }

  public int dimension(int axis) {
    return dimensions.get(axis);
  }

  public int elements() {
    int elements = 1;
    for (int dimension : dimensions) {
      elements *= dimension;
    }
    return elements;
  }

  /** For example {@code 1x30x1x40}; a scalar is {@code scalar}. */
  @Override
  public String toString() {
    return dimensions.isEmpty()
        ? "scalar"
        : dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}

package dev.earshot.cli.model.inspect;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model's constants take, by type; one that several operators share counts once.
 *
 * @param constants the types that there are, in the order of {@link ElementType}
 */
record MemoryUse(Map<ElementType, Size> constants) {
  /** So many elements in so many bytes. */
  record Size(long elements, long bytes) {
    Size plus(Size other) {
      return new Size(elements + other.elements, bytes + other.bytes);
    }
  }

  static MemoryUse of(List<Operator> operators) {
    Set<Integer> seen = new HashSet<>();
    EnumMap<ElementType, Size> constants = new EnumMap<>(ElementType.class);
    for (Operator operator : operators) {
      for (Tensor constant : operator.constants()) {
        if (seen.add(constant.index())) {
          constants.merge(
              constant.type(), new Size(constant.shape().elements(), constant.bytes()), Size::plus);
        }
      }
    }
    return new MemoryUse(Collections.unmodifiableMap(constants));
  }
}

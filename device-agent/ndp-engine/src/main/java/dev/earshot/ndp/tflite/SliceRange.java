package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Which indices a STRIDED_SLICE takes along each dimension of its input, worked out from begin,
 * end, strides and masks as TFLite's {@code strided_slice_logic.h} does.
 */
final class SliceRange {
  private final OperatorContext context;
  private final Shape input;
  private final int[] begins;
  private final int[] ends;
  private final int[] steps;
  private final int beginMask;
  private final int endMask;
  private final int shrinkMask;

  private final List<Integer> begin = new ArrayList<>();
  private final List<Integer> strides = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Long> outputShape = new ArrayList<>();

  SliceRange(OperatorContext context, Shape input) throws ModelFormatException {
    this.context = context;
    this.input = input;
    Options options = context.options(32);
    if (options.int32(2, "ellipsis mask") != 0 || options.int32(3, "new axis mask") != 0) {
      throw context.error("ellipsis or new axis (expected: neither, as converters write it)");
    }
    if (options.int8(5, "offset") != 0) {
      throw context.error("end is an offset from begin (expected: an index)");
    }
    beginMask = options.int32(0, "begin mask");
    endMask = options.int32(1, "end mask");
    shrinkMask = options.int32(4, "shrink axis mask");
    begins = context.operands().int32Constant(1, "begin");
    ends = context.operands().int32Constant(2, "end");
    steps = context.operands().int32Constant(3, "strides");
    if (begins.length > input.rank()
        || begins.length != ends.length
        || begins.length != steps.length) {
      throw context.error(
          "begin, end, strides: %d, %d, %d values (expected: as many each, at most %d)"
              .formatted(begins.length, ends.length, steps.length, input.rank()));
    }
    for (int axis = 0; axis < input.rank(); axis++) {
      if (axis < begins.length) {
        takeRange(axis);
      } else {
        take(axis, 0, input.dimension(axis), 1);
      }
    }
  }

  private void takeRange(int axis) throws ModelFormatException {
    int size = input.dimension(axis);
    int stride = steps[axis];
    if (stride == 0 || (isShrunk(axis) && stride < 0)) {
      throw context.error(
          "stride of dimension %d: %d (expected: not 0, and above 0 where it is shrunk away)"
              .formatted(axis, stride));
    }
    int bit = 1 << axis;
    long first = limit(begins[axis], size, stride);
    if ((beginMask & bit) != 0) {
      first = stride > 0 ? 0 : size - 1L;
    }
    long end = limit(ends[axis], size, stride);
    if (isShrunk(axis)) {
      end = Math.min(first + 1, size);
    } else if ((endMask & bit) != 0) {
      end = stride > 0 ? size : -1;
    }
    take(axis, first, end, stride);
  }

  private boolean isShrunk(int axis) {
    return (shrinkMask & 1 << axis) != 0;
  }

  /** An index that may count from the end, brought to where a slice can start or stop. */
  private static long limit(int index, int size, int stride) {
    long counted = index < 0 ? (long) index + size : index;
    return stride > 0 ? Math.clamp(counted, 0L, (long) size) : Math.clamp(counted, -1L, size - 1L);
  }

  private void take(int axis, long first, long end, int stride) throws ModelFormatException {
    long size = Math.ceilDiv(end - first, (long) stride);
    if (size < 1) {
      throw context.error(
          "dimension %d: no element from %d to %d by %d (expected: at least one)"
              .formatted(axis, first, end, stride));
    }
    begin.add((int) first);
    strides.add(stride);
    sizes.add((int) size);
    if (axis >= begins.length || !isShrunk(axis)) {
      outputShape.add(size);
    }
  }

  /** First index, by dimension. */
  List<Integer> begin() {
    return begin;
  }

  /** Distance between indices, by dimension. */
  List<Integer> strides() {
    return strides;
  }

  /** How many indices, by dimension; at least one. */
  List<Integer> sizes() {
    return sizes;
  }

  /** The sizes without the dimensions that are shrunk away. */
  List<Long> outputShape() {
    return outputShape;
  }
}

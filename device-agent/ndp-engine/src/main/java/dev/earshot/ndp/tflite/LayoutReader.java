package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads operators that move elements, or average over whole dimensions, and checks what their
 * kernels rely on.
 */
final class LayoutReader {
  private final OperatorContext context;
  private final Operands operands;

  LayoutReader(OperatorContext context) {
    this.context = context;
    this.operands = context.operands();
  }

  /** What counts is the shape of the output tensor, where a -1 in the options is settled. */
  Operator reshape(Tensor output) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    if (input.shape().elements() != output.shape().elements()) {
      throw context.error(
          "shape %s to %s (expected: the same number of elements)"
              .formatted(input.shape(), output.shape()));
    }
    operands.checkSameQuantization(input, output);
    return new Operator.Reshape(input, output);
  }

  Operator pad(Tensor output) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    int rank = input.shape().rank();
    int[] paddings = operands.int32Constant(1, "paddings");
    if (paddings.length != 2 * rank) {
      throw context.error(
          "paddings: %d values (expected: %d, two for each dimension of input %s)"
              .formatted(paddings.length, 2 * rank, input.label()));
    }
    List<Integer> before = new ArrayList<>();
    List<Long> padded = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      int low = paddings[2 * axis];
      int high = paddings[2 * axis + 1];
      if (low < 0 || high < 0) {
        throw context.error(
            "paddings of dimension %d: %d and %d (expected: at least 0)"
                .formatted(axis, low, high));
      }
      before.add(low);
      padded.add((long) low + input.shape().dimension(axis) + high);
    }
    checkShape(output, padded);
    operands.checkSameQuantization(input, output);
    return new Operator.Pad(input, output, before, padValue(output));
  }

  private int padValue(Tensor output) throws ModelFormatException {
    if (context.kind() == BuiltinOperator.PAD || !operands.has(2)) {
      return output.requireQuantization().zeroPoint();
    }
    Tensor value = operands.operand(2, "value");
    if (!value.isConstant() || value.shape().elements() != 1) {
      throw context.error("value " + value.label() + " (expected: one int8 constant)");
    }
    operands.checkSameQuantization(value, output);
    return value.requireConstant().get(0);
  }

  Operator mean(Tensor output) throws ModelFormatException {
    Options options = context.options(27);
    Tensor input = operands.activation(0, "input");
    int rank = input.shape().rank();
    TreeSet<Integer> axes = new TreeSet<>();
    for (int axis : operands.int32Constant(1, "axes")) {
      axes.add(axis(axis, rank));
    }
    boolean keep = options.int8(0, "keep dimensions") != 0;
    List<Long> expected = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (!axes.contains(axis)) {
        expected.add((long) input.shape().dimension(axis));
      } else if (keep) {
        expected.add(1L);
      }
    }
    checkShape(output, expected);
    context.limits().addWork(context.where(), input.shape().elements());
    return new Operator.Mean(input, output, List.copyOf(axes));
  }

  Operator concatenation(Tensor output) throws ModelFormatException {
    Options options = context.options(10);
    List<Tensor> inputs = new ArrayList<>();
    for (int position = 0; position < operands.inputCount(); position++) {
      inputs.add(operands.operand(position, "input " + position));
    }
    if (inputs.isEmpty() || inputs.stream().allMatch(Tensor::isConstant)) {
      throw context.error("inputs: no activation among them (expected: at least one)");
    }
    if (options.activation(1, output) != Activation.NONE) {
      throw context.error("fused activation (expected: NONE, TFLite has no other here)");
    }
    Shape shape = inputs.getFirst().shape();
    int axis = axis(options.int32(0, "axis"), shape.rank());
    List<Long> expected =
        new ArrayList<>(shape.dimensions().stream().map(Integer::longValue).toList());
    expected.set(axis, 0L);
    for (Tensor input : inputs) {
      checkJoins(input, shape, axis);
      // Unlike the tolerance of other operators: TFLite compares these scales exactly.
      if (!operands.isSameQuantization(input, output)) {
        throw context.error(
            "%s: another scale or zero point than output %s (expected: the same, as in TFLite)"
                .formatted(input.label(), output.label()));
      }
      expected.set(axis, expected.get(axis) + input.shape().dimension(axis));
    }
    checkShape(output, expected);
    return new Operator.Concatenation(inputs, output, axis);
  }

  private void checkJoins(Tensor input, Shape shape, int along) throws ModelFormatException {
    boolean joins = input.shape().rank() == shape.rank();
    for (int axis = 0; joins && axis < shape.rank(); axis++) {
      joins = axis == along || input.shape().dimension(axis) == shape.dimension(axis);
    }
    if (!joins) {
      throw context.error(
          "%s: shape %s (expected: like %s except for dimension %d)"
              .formatted(input.label(), input.shape(), shape, along));
    }
  }

  Operator stridedSlice(Tensor output) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    SliceRange range = new SliceRange(context, input.shape());
    checkShape(output, range.outputShape());
    operands.checkSameQuantization(input, output);
    return new Operator.StridedSlice(input, output, range.begin(), range.strides(), range.sizes());
  }

  private int axis(int axis, int rank) throws ModelFormatException {
    if (axis < -rank || axis >= rank) {
      throw context.error(
          "axis: %d (expected: %d to %d, the input has %d dimensions)"
              .formatted(axis, -rank, rank - 1, rank));
    }
    return axis < 0 ? axis + rank : axis;
  }

  private void checkShape(Tensor output, List<Long> expected) throws ModelFormatException {
    List<Long> actual = output.shape().dimensions().stream().map(Integer::longValue).toList();
    if (!actual.equals(expected)) {
      throw context.error(
          "output %s: shape %s (expected: %s)".formatted(output.label(), actual, expected));
    }
  }
}

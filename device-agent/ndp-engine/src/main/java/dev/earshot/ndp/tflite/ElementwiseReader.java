package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;

/** Reads operators that work element by element, and checks what their kernels rely on. */
final class ElementwiseReader {
  private final OperatorContext context;
  private final Operands operands;

  ElementwiseReader(OperatorContext context) {
    this.context = context;
    this.operands = context.operands();
  }

  Operator add(Tensor output) throws ModelFormatException {
    Options options = context.options(11);
    Tensor first = operands.operand(0, "first input");
    Tensor second = operands.operand(1, "second input");
    checkBroadcast(first, second, output);
    float larger =
        Math.max(first.requireQuantization().scale(), second.requireQuantization().scale());
    double ratio = 2.0 * larger / ((double) (1 << 20) * output.requireQuantization().scale());
    // TFLite gives up on these too: its factors must be below 1 and not vanish.
    if (!(ratio < 1)) {
      throw context.error(
          "output %s: scale %s is too small for input scale %s (expected: above a 2^-19th of it)"
              .formatted(output.label(), output.requireQuantization().scale(), larger));
    }
    Activation activation = options.activation(0, output);
    boolean plain =
        first.shape().equals(second.shape()) && !first.isConstant() && !second.isConstant();
    return plain
        ? new Operator.Add(first, second, output, activation)
        : new Operator.BroadcastAdd(first, second, output, activation);
  }

  Operator mul(Tensor output) throws ModelFormatException {
    Options options = context.options(21);
    Tensor first = operands.operand(0, "first input");
    Tensor second = operands.operand(1, "second input");
    checkBroadcast(first, second, output);
    Operator.Mul mul = new Operator.Mul(first, second, output, options.activation(0, output));
    checkFactor(mul.realMultiplier(), "the product of the inputs' scales", output);
    return mul;
  }

  Operator logistic(Tensor output) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    operands.checkSameShape(input, output);
    operands.checkProbabilities(output);
    return new Operator.Logistic(input, output);
  }

  Operator relu(Tensor output, Activation activation) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    operands.checkSameShape(input, output);
    operands.checkClamp(activation, output);
    Quantization from = input.requireQuantization();
    checkFactor(from.scale() / output.requireQuantization().scale(), "the input's scale", output);
    return new Operator.Relu(input, output, activation);
  }

  /** From int8 to int8; the one from a model's float input is no operator of ours. */
  Operator quantize(Tensor output) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    operands.checkSameShape(input, output);
    return new Operator.Quantize(input, output);
  }

  private void checkFactor(float factor, String what, Tensor output) throws ModelFormatException {
    if (!Float.isFinite(factor)) {
      throw context.error(
          "output %s: scale %s is too small for %s (expected: a finite quotient)"
              .formatted(output.label(), output.requireQuantization().scale(), what));
    }
  }

  /** Two shapes, aligned at their last dimension, of which either may have 1 or nothing. */
  private void checkBroadcast(Tensor first, Tensor second, Tensor output)
      throws ModelFormatException {
    if (first.isConstant() && second.isConstant()) {
      throw context.error("both inputs are constants (expected: at least one activation)");
    }
    Shape a = first.shape();
    Shape b = second.shape();
    int rank = output.shape().rank();
    boolean fits = rank == Math.max(a.rank(), b.rank());
    for (int axis = 0; fits && axis < rank; axis++) {
      int one = dimension(a, axis - (rank - a.rank()));
      int other = dimension(b, axis - (rank - b.rank()));
      fits =
          (one == other || one == 1 || other == 1)
              && output.shape().dimension(axis) == Math.max(one, other);
    }
    if (!fits) {
      throw context.error(
          "shapes %s and %s -> %s (expected: equal, or 1 where they differ, and the output's the"
                  .formatted(a, b, output.shape())
              + " larger of both)");
    }
  }

  private static int dimension(Shape shape, int axis) {
    return axis < 0 ? 1 : shape.dimension(axis);
  }
}

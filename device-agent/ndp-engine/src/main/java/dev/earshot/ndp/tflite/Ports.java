package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Tensor;
import java.util.BitSet;

/**
 * The input and output of a model, which are int8 to the engine. Where they are float32, the file's
 * first step on the input is a QUANTIZE and its last one a DEQUANTIZE; the engine leaves both out
 * and has the int8 tensors behind and before them as its ports.
 */
final class Ports {
  private final FlatTable subgraph;
  private final Tensor declaredInput;
  private final Tensor declaredOutput;
  private Tensor input;
  private Tensor output;

  Ports(FlatTable subgraph, Tensor input, Tensor output) throws ModelFormatException {
    this.subgraph = subgraph;
    this.declaredInput = input;
    this.declaredOutput = output;
    this.input = input;
    this.output = output;
    if (input.isConstant()) {
      throw subgraph.error("input " + input.label() + " is a constant (expected: an activation)");
    }
  }

  /** Whether this step only leads from or to a float port: then it is none of the engine's. */
  boolean take(OperatorContext context, BitSet written) throws ModelFormatException {
    if (context.kind() == BuiltinOperator.QUANTIZE) {
      return takeQuantize(context, written);
    }
    if (context.kind() == BuiltinOperator.DEQUANTIZE) {
      takeDequantize(context);
      return true;
    }
    return false;
  }

  private boolean takeQuantize(OperatorContext context, BitSet written)
      throws ModelFormatException {
    Tensor from = context.operands().input(0, "input");
    if (from.type() != ElementType.FLOAT32) {
      return false;
    }
    if (from.index() != declaredInput.index()) {
      throw context.error(
          "input %s is float32 (expected: int8, or the model's input)".formatted(from.label()));
    }
    if (input.index() != declaredInput.index()) {
      throw context.error(
          "input %s is quantized a second time (expected: once)".formatted(from.label()));
    }
    input = context.operands().output();
    context.operands().checkSameShape(from, input);
    if (input.isConstant() || written.get(input.index())) {
      throw context.error(input.label() + " already has a value (cycle or reuse)");
    }
    written.set(input.index());
    return true;
  }

  private void takeDequantize(OperatorContext context) throws ModelFormatException {
    Tensor to = context.operands().anyOutput();
    if (to.type() != ElementType.FLOAT32 || to.index() != declaredOutput.index()) {
      throw context.error(
          "output %s (expected: the model's output, in float32)".formatted(to.label()));
    }
    if (output.index() != declaredOutput.index()) {
      throw context.error("output %s is written a second time".formatted(to.label()));
    }
    output = context.operands().activation(0, "input");
    context.operands().checkSameShape(output, to);
  }

  /** The engine's input, once all steps are read. */
  Tensor input() throws ModelFormatException {
    return checked(input);
  }

  /** The engine's output, once all steps are read. */
  Tensor output() throws ModelFormatException {
    return checked(output);
  }

  private Tensor checked(Tensor tensor) throws ModelFormatException {
    if (tensor.type() != ElementType.INT8) {
      throw subgraph.error(tensor.label() + " is not int8 (expected: a fully int8 model)");
    }
    if (tensor.quantization() == null || tensor.quantization().isPerChannel()) {
      throw subgraph.error(tensor.label() + " has no quantization of one scale and zero point");
    }
    return tensor;
  }
}

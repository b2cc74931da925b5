package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors of one operator, each checked for what its place demands. */
final class Operands {
  private static final float PROBABILITY_SCALE = 1f / 256;

  private final String where;
  private final List<Tensor> tensors;
  private final List<Integer> inputs;
  private final List<Integer> outputs;

  Operands(FlatTable operator, List<Tensor> tensors, String where) throws ModelFormatException {
    this.where = where;
    this.tensors = tensors;
    inputs = operator.int32s(1, "inputs", Limits.OPERANDS);
    outputs = operator.int32s(2, "outputs", Limits.OPERANDS);
    if (outputs.size() != 1) {
      throw error("outputs: " + outputs.size() + " (expected: 1)");
    }
  }

  Tensor output() throws ModelFormatException {
    return int8(anyOutput(), "output");
  }

  /** The output, of whatever type. */
  Tensor anyOutput() throws ModelFormatException {
    return tensor(outputs.getFirst(), "output");
  }

  /** An int8 activation. */
  Tensor activation(int position, String role) throws ModelFormatException {
    Tensor tensor = operand(position, role);
    if (tensor.isConstant()) {
      throw error(role + " " + tensor.label() + " is a constant (expected: an activation)");
    }
    return tensor;
  }

  /** An int8 activation or constant. */
  Tensor operand(int position, String role) throws ModelFormatException {
    return int8(input(position, role), role);
  }

  /** Whether there is an input at that position; optional ones may be left out. */
  boolean has(int position) {
    return position < inputs.size() && inputs.get(position) != -1;
  }

  int inputCount() {
    return inputs.size();
  }

  /** The values of an int32 constant, such as the axes to reduce. */
  int[] int32Constant(int position, String role) throws ModelFormatException {
    Tensor tensor = input(position, role);
    if (tensor.type() != ElementType.INT32 || !tensor.isConstant()) {
      throw error(role + " " + tensor.label() + " (expected: an int32 constant)");
    }
    if (tensor.shape().elements() > 2 * Limits.RANK) {
      throw error(
          "%s %s: %d elements (expected: at most %d)"
              .formatted(role, tensor.label(), tensor.shape().elements(), 2 * Limits.RANK));
    }
    int[] values = new int[tensor.shape().elements()];
    tensor.requireConstant().asIntBuffer().get(values);
    return values;
  }

  void checkSameShape(Tensor input, Tensor output) throws ModelFormatException {
    if (!input.shape().equals(output.shape())) {
      throw error("shape %s to %s (expected: the same)".formatted(input.shape(), output.shape()));
    }
  }

  /** TFLite fixes the quantization of what lies between 0 and 1. */
  void checkProbabilities(Tensor output) throws ModelFormatException {
    Quantization quantization = output.requireQuantization();
    if (quantization.scale() != PROBABILITY_SCALE || quantization.zeroPoint() != Byte.MIN_VALUE) {
      throw error(
          "output %s: scale %s, zero point %d (expected: 1/256, -128)"
              .formatted(output.label(), quantization.scale(), quantization.zeroPoint()));
    }
  }

  void checkClamp(Activation activation, Tensor output) throws ModelFormatException {
    checkClamp(activation, output, where);
  }

  static void checkClamp(Activation activation, Tensor output, String where)
      throws ModelFormatException {
    float scale = output.requireQuantization().scale();
    if (!activation.fits(output.requireQuantization())) {
      throw new ModelFormatException(
          "%s: output %s: scale %s is too small for %s (expected: its bounds below 2^31 steps)"
              .formatted(where, output.label(), scale, activation));
    }
  }

  boolean isSameQuantization(Tensor a, Tensor b) {
    return a.requireQuantization().scale() == b.requireQuantization().scale()
        && a.requireQuantization().zeroPoint() == b.requireQuantization().zeroPoint();
  }

  void checkWeights(Tensor weights, int axis, int channels, boolean symmetric)
      throws ModelFormatException {
    Quantization quantization = weights.requireQuantization();
    if (quantization.isPerChannel()
        && (quantization.axis() != axis || quantization.scales().size() != channels)) {
      throw error(
          "%s: %d scales along axis %d (expected: %d along axis %d)"
              .formatted(
                  weights.label(),
                  quantization.scales().size(),
                  quantization.axis(),
                  channels,
                  axis));
    }
    boolean mustBeZero =
        symmetric || quantization.isPerChannel() || weights.type() == ElementType.INT4;
    if (mustBeZero && quantization.zeroPoints().stream().anyMatch(zero -> zero != 0)) {
      throw error(weights.label() + ": zero points (expected: 0, symmetric weights)");
    }
  }

  void checkSameQuantization(Tensor input, Tensor output) throws ModelFormatException {
    Quantization from = input.requireQuantization();
    Quantization to = output.requireQuantization();
    if (Math.abs(from.scale() - to.scale()) > 1e-6 || from.zeroPoint() != to.zeroPoint()) {
      throw error(
          "output %s: another scale or zero point than its input".formatted(output.label()));
    }
  }

  @Nullable Tensor bias(int outputs) throws ModelFormatException {
    if (!has(2)) {
      return null;
    }
    Tensor bias = input(2, "bias");
    if (bias.type() != ElementType.INT32 || !bias.isConstant()) {
      throw error("bias " + bias.label() + " (expected: an int32 constant)");
    }
    if (bias.shape().elements() != outputs) {
      throw error(
          "bias %s: %d elements (expected: %d)"
              .formatted(bias.label(), bias.shape().elements(), outputs));
    }
    return bias;
  }

  Tensor weights(int position, int rank) throws ModelFormatException {
    Tensor weights = input(position, "weights");
    boolean computable = weights.type() == ElementType.INT8 || weights.type() == ElementType.INT4;
    if (!computable || !weights.isConstant()) {
      throw error("weights " + weights.label() + " (expected: an int8 or int4 constant)");
    }
    if (weights.quantization() == null) {
      throw error("weights " + weights.label() + " have no quantization");
    }
    if (weights.shape().rank() != rank) {
      throw error(
          "weights %s: shape %s (expected: %d dimensions)"
              .formatted(weights.label(), weights.shape(), rank));
    }
    return weights;
  }

  /** An int8 activation of one image: 1 x height x width x channels. */
  Tensor image(int position) throws ModelFormatException {
    Tensor image = activation(position, "input");
    checkImage(image, "input");
    return image;
  }

  void checkImage(Tensor tensor, String role) throws ModelFormatException {
    if (tensor.shape().rank() != 4 || tensor.shape().dimension(0) != 1) {
      throw error(
          "%s %s: shape %s (expected: 1 x height x width x channels)"
              .formatted(role, tensor.label(), tensor.shape()));
    }
  }

  private Tensor int8(Tensor tensor, String role) throws ModelFormatException {
    if (tensor.type() != ElementType.INT8) {
      throw error(role + " " + tensor.label() + " is not int8");
    }
    if (tensor.quantization() == null || tensor.quantization().isPerChannel()) {
      throw error(role + " " + tensor.label() + " has no quantization of one scale and zero point");
    }
    return tensor;
  }

  void checkDimension(Tensor tensor, int axis, int expected, String meaning)
      throws ModelFormatException {
    if (tensor.shape().dimension(axis) != expected) {
      throw error(
          "%s: shape %s (expected: %d at axis %d, %s)"
              .formatted(tensor.label(), tensor.shape(), expected, axis, meaning));
    }
  }

  /** An input of whatever type. */
  Tensor input(int position, String role) throws ModelFormatException {
    if (position >= inputs.size()) {
      throw error("no " + role + " (expected: as input " + position + ")");
    }
    return tensor(inputs.get(position), role);
  }

  private Tensor tensor(int index, String role) throws ModelFormatException {
    if (index < 0 || index >= tensors.size()) {
      throw error("%s: tensor %d (expected: 0 to %d)".formatted(role, index, tensors.size() - 1));
    }
    return tensors.get(index);
  }

  private ModelFormatException error(String message) {
    return new ModelFormatException(where + ": " + message);
  }
}

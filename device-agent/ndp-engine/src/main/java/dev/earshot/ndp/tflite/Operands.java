package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors of one operator, each checked for what its place demands. */
final class Operands {
  private final String where;
  private final List<Tensor> tensors;
  private final List<Integer> inputs;
  private final List<Integer> outputs;

  Operands(FlatTable operator, List<Tensor> tensors, String where) throws ModelFormatException {
    this.where = where;
    this.tensors = tensors;
    inputs = operator.int32s(1, "inputs", Limits.TENSORS);
    outputs = operator.int32s(2, "outputs", Limits.TENSORS);
    if (outputs.size() != 1) {
      throw error("outputs: " + outputs.size() + " (expected: 1)");
    }
  }

  Tensor output() throws ModelFormatException {
    return int8(tensor(outputs.getFirst(), "output"), "output");
  }

  /** An int8 activation. */
  Tensor activation(int position, String role) throws ModelFormatException {
    return int8(input(position, role), role);
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
    if (inputs.size() < 3 || inputs.get(2) == -1) {
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

  private Tensor input(int position, String role) throws ModelFormatException {
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

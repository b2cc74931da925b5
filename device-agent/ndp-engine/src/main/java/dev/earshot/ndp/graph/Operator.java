package dev.earshot.ndp.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a model, with its tensors. The reader has checked types, shapes and quantization: a
 * kernel may trust them.
 */
public sealed interface Operator {
  /** The operator's name in the file format, for example {@code CONV_2D}. */
  String kind();

  /** What it computes from, without constants. */
  List<Tensor> activations();

  /** Its constants: weights and bias, or the operand that is stored in the file. */
  default List<Tensor> constants() {
    return List.of();
  }

  Tensor output();

  /** Multiply-accumulate operations of one inference; 0 where nothing is accumulated. */
  default long macs() {
    return 0;
  }

  /** An operator that computes from one activation, and perhaps from constants. */
  sealed interface OfOneActivation extends Operator {
    Tensor input();

    @Override
    default List<Tensor> activations() {
      return List.of(input());
    }
  }

  /** An operator on two operands, each an activation or a constant. */
  sealed interface OfTwoOperands extends Operator {
    Tensor first();

    Tensor second();

    @Override
    default List<Tensor> activations() {
      return computed(List.of(first(), second()));
    }

    @Override
    default List<Tensor> constants() {
      return stored(List.of(first(), second()));
    }
  }

  /**
   * A convolution. Input and output are [1, height, width, channels]; weights are [output channels,
   * window height, window width, input channels], one scale per output channel or one for all; bias
   * is int32 with scale {@code input scale * weight scale}.
   */
  record Conv2d(
      Tensor input,
      Tensor weights,
      @Nullable Tensor bias,
      Tensor output,
      SlidingWindow window,
      Activation activation)
      implements OfOneActivation {
    @Override
    public String kind() {
      return "CONV_2D";
    }

    @Override
    public List<Tensor> constants() {
      return weightsAndBias(weights, bias);
    }

    @Override
    public long macs() {
      return (long) output.shape().elements()
          * (weights.shape().elements() / weights.shape().dimension(0));
    }
  }

  /**
   * A convolution of each channel by itself. Weights are [1, window height, window width, output
   * channels]; output channel {@code c * depthMultiplier + m} reads input channel {@code c}.
   */
  record DepthwiseConv2d(
      Tensor input,
      Tensor weights,
      @Nullable Tensor bias,
      Tensor output,
      SlidingWindow window,
      int depthMultiplier,
      Activation activation)
      implements OfOneActivation {
    @Override
    public String kind() {
      return "DEPTHWISE_CONV_2D";
    }

    @Override
    public List<Tensor> constants() {
      return weightsAndBias(weights, bias);
    }

    @Override
    public long macs() {
      return (long) output.shape().elements() * window.height() * window.width();
    }
  }

  /** A dense layer. Weights are [outputs, inputs]; the input is taken as rows of that many. */
  record FullyConnected(
      Tensor input, Tensor weights, @Nullable Tensor bias, Tensor output, Activation activation)
      implements OfOneActivation {
    @Override
    public String kind() {
      return "FULLY_CONNECTED";
    }

    @Override
    public List<Tensor> constants() {
      return weightsAndBias(weights, bias);
    }

    @Override
    public long macs() {
      return (long) output.shape().elements() * weights.shape().dimension(1);
    }
  }

  /** The same elements under another shape. */
  record Reshape(Tensor input, Tensor output) implements OfOneActivation {
    @Override
    public String kind() {
      return "RESHAPE";
    }
  }

  /** {@code exp(beta x) / sum exp(beta x)} along the last dimension. */
  record Softmax(Tensor input, Tensor output, float beta) implements OfOneActivation {
    @Override
    public String kind() {
      return "SOFTMAX";
    }
  }

  /** The mean over a window, each channel by itself; padding does not count. */
  record AveragePool2d(Tensor input, Tensor output, SlidingWindow window, Activation activation)
      implements OfOneActivation {
    @Override
    public String kind() {
      return "AVERAGE_POOL_2D";
    }
  }

  /** The largest value under a window, each channel by itself; padding does not count. */
  record MaxPool2d(Tensor input, Tensor output, SlidingWindow window, Activation activation)
      implements OfOneActivation {
    @Override
    public String kind() {
      return "MAX_POOL_2D";
    }
  }

  /** The sum of two activations of the same shape. */
  record Add(Tensor first, Tensor second, Tensor output, Activation activation)
      implements OfTwoOperands {
    @Override
    public String kind() {
      return "ADD";
    }
  }

  /**
   * A sum whose operands differ in shape, or one of which is a constant. Shapes are aligned at
   * their last dimension; where one has 1 or nothing, its values repeat.
   */
  record BroadcastAdd(Tensor first, Tensor second, Tensor output, Activation activation)
      implements OfTwoOperands {
    @Override
    public String kind() {
      return "ADD";
    }
  }

  /** The product of two operands, which repeat as those of {@link BroadcastAdd} do. */
  record Mul(Tensor first, Tensor second, Tensor output, Activation activation)
      implements OfTwoOperands {
    @Override
    public String kind() {
      return "MUL";
    }

    /**
     * {@code first scale * second scale / output scale} in single precision, from left to right, as
     * TFLite computes it.
     */
    public float realMultiplier() {
      return first.requireQuantization().scale()
          * second.requireQuantization().scale()
          / output.requireQuantization().scale();
    }
  }

  /** {@code 1 / (1 + exp(-x))}, element by element. */
  record Logistic(Tensor input, Tensor output) implements OfOneActivation {
    @Override
    public String kind() {
      return "LOGISTIC";
    }
  }

  /**
   * RELU, RELU6 or RELU_N1_TO_1 as an operator of its own, which may also change the quantization.
   *
   * @param activation which of them; not {@link Activation#NONE}
   */
  record Relu(Tensor input, Tensor output, Activation activation) implements OfOneActivation {
    public Relu {
      if (activation == Activation.NONE) {
        throw new IllegalArgumentException("activation: NONE (expected: a clamp)");
      }
    }

    @Override
    public String kind() {
      return activation.name();
    }
  }

  /** The same real values in another quantization. */
  record Quantize(Tensor input, Tensor output) implements OfOneActivation {
    @Override
    public String kind() {
      return "QUANTIZE";
    }
  }

  /**
   * A border of one value around a tensor.
   *
   * @param before elements added before the first, for each dimension; the output's shape says how
   *     many follow the last
   * @param value int8 value of the border; the zero point for PAD, any for PADV2
   */
  record Pad(Tensor input, Tensor output, List<Integer> before, int value)
      implements OfOneActivation {
    public Pad {
      before = List.copyOf(before);
    }

    @Override
    public String kind() {
      return value == output.requireQuantization().zeroPoint() ? "PAD" : "PADV2";
    }
  }

  /**
   * The mean over some dimensions.
   *
   * @param axes which dimensions of the input, ascending, each once; may be empty
   */
  record Mean(Tensor input, Tensor output, List<Integer> axes) implements OfOneActivation {
    public Mean {
      axes = List.copyOf(axes);
    }

    @Override
    public String kind() {
      return "MEAN";
    }
  }

  /** Several tensors one after the other along a dimension, all in one quantization. */
  record Concatenation(List<Tensor> inputs, Tensor output, int axis) implements Operator {
    public Concatenation {
      inputs = List.copyOf(inputs);
    }

    @Override
    public String kind() {
      return "CONCATENATION";
    }

    @Override
    public List<Tensor> activations() {
      return computed(inputs);
    }

    @Override
    public List<Tensor> constants() {
      return stored(inputs);
    }
  }

  /**
   * Every n-th element of a range, along each dimension of the input. What masks, negative indices
   * and a shrunk dimension mean is settled already.
   *
   * @param begin first index, for each dimension of the input
   * @param strides distance between indices, not 0, negative to go backwards
   * @param sizes how many indices; their product is the number of elements of the output
   */
  record StridedSlice(
      Tensor input, Tensor output, List<Integer> begin, List<Integer> strides, List<Integer> sizes)
      implements OfOneActivation {
    public StridedSlice {
      begin = List.copyOf(begin);
      strides = List.copyOf(strides);
      sizes = List.copyOf(sizes);
    }

    @Override
    public String kind() {
      return "STRIDED_SLICE";
    }
  }

  private static List<Tensor> computed(List<Tensor> operands) {
    return operands.stream().filter(operand -> !operand.isConstant()).toList();
  }

  private static List<Tensor> stored(List<Tensor> operands) {
    return operands.stream().filter(Tensor::isConstant).toList();
  }

  private static List<Tensor> weightsAndBias(Tensor weights, @Nullable Tensor bias) {
    return bias == null ? List.of(weights) : List.of(weights, bias);
  }
}

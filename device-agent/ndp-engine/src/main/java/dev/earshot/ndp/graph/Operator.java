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

  /** Its constants: weights and bias. */
  List<Tensor> constants();

  Tensor output();

  /** Multiply-accumulate operations of one inference. */
  long macs();

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
      implements Operator {
    @Override
    public String kind() {
      return "CONV_2D";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(input);
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
      implements Operator {
    @Override
    public String kind() {
      return "DEPTHWISE_CONV_2D";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(input);
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
      implements Operator {
    @Override
    public String kind() {
      return "FULLY_CONNECTED";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(input);
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
  record Reshape(Tensor input, Tensor output) implements Operator {
    @Override
    public String kind() {
      return "RESHAPE";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(input);
    }

    @Override
    public List<Tensor> constants() {
      return List.of();
    }

    @Override
    public long macs() {
      return 0;
    }
  }

  /** {@code exp(beta x) / sum exp(beta x)} along the last dimension. */
  record Softmax(Tensor input, Tensor output, float beta) implements Operator {
    @Override
    public String kind() {
      return "SOFTMAX";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(input);
    }

    @Override
    public List<Tensor> constants() {
      return List.of();
    }

    @Override
    public long macs() {
      return 0;
    }
  }

  /** The mean over a window, each channel by itself; padding does not count. */
  record AveragePool2d(Tensor input, Tensor output, SlidingWindow window, Activation activation)
      implements Operator {
    @Override
    public String kind() {
      return "AVERAGE_POOL_2D";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(input);
    }

    @Override
    public List<Tensor> constants() {
      return List.of();
    }

    @Override
    public long macs() {
      return 0;
    }
  }

  /** The sum of two activations of the same shape. */
  record Add(Tensor first, Tensor second, Tensor output, Activation activation)
      implements Operator {
    @Override
    public String kind() {
      return "ADD";
    }

    @Override
    public List<Tensor> activations() {
      return List.of(first, second);
    }

    @Override
    public List<Tensor> constants() {
      return List.of();
    }

    @Override
    public long macs() {
      return 0;
    }
  }

  private static List<Tensor> weightsAndBias(Tensor weights, @Nullable Tensor bias) {
    return bias == null ? List.of(weights) : List.of(weights, bias);
  }
}

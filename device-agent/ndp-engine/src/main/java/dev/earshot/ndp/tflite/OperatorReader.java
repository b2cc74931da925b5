package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;

/** Reads one operator and checks everything that its kernel will rely on. */
final class OperatorReader {
  private static final int MAX_SOFTMAX_DEPTH = 4095;

  private final OperatorContext context;
  private final Operands operands;
  private final Limits limits;

  OperatorReader(OperatorContext context) {
    this.context = context;
    this.operands = context.operands();
    this.limits = context.limits();
  }

  Operator read() throws ModelFormatException {
    Tensor output = operands.output();
    limits.addActivations(context.where(), output.shape().elements());
    Operator operator = read(output);
    limits.addWork(context.where(), operator.macs());
    for (Tensor constant : operator.constants()) {
      limits.addWeights(context.where(), constant.shape().elements());
    }
    return operator;
  }

  private Operator read(Tensor output) throws ModelFormatException {
    ElementwiseReader elementwise = new ElementwiseReader(context);
    LayoutReader layout = new LayoutReader(context);
    return switch (context.kind()) {
      case ADD -> elementwise.add(output);
      case AVERAGE_POOL_2D -> averagePool(output);
      case CONCATENATION -> layout.concatenation(output);
      case CONV_2D -> conv(output);
      case DEPTHWISE_CONV_2D -> depthwise(output);
      case FULLY_CONNECTED -> fullyConnected(output);
      case LOGISTIC -> elementwise.logistic(output);
      case MAX_POOL_2D -> maxPool(output);
      case MEAN -> layout.mean(output);
      case MUL -> elementwise.mul(output);
      case PAD, PADV2 -> layout.pad(output);
      case QUANTIZE -> elementwise.quantize(output);
      case RELU -> elementwise.relu(output, Activation.RELU);
      case RELU6 -> elementwise.relu(output, Activation.RELU6);
      case RELU_N1_TO_1 -> elementwise.relu(output, Activation.RELU_N1_TO_1);
      case RESHAPE -> layout.reshape(output);
      case SOFTMAX -> softmax(output);
      case STRIDED_SLICE -> layout.stridedSlice(output);
      case DEQUANTIZE -> throw new IllegalStateException(context.where() + " is a port's");
    };
  }

  private Operator conv(Tensor output) throws ModelFormatException {
    Options options = context.options(1);
    Tensor input = operands.image(0);
    Tensor weights = operands.weights(1, 4);
    operands.checkImage(output, "output");
    SlidingWindow window =
        new SlidingWindow(
            weights.shape().dimension(1),
            weights.shape().dimension(2),
            options.step(2, "stride height"),
            options.step(1, "stride width"),
            options.dilation(5, "dilation height"),
            options.dilation(4, "dilation width"),
            options.padding());
    operands.checkDimension(weights, 3, input.shape().dimension(3), "channels of the input");
    int outputs = weights.shape().dimension(0);
    limits.addOutputs(context.where(), outputs, weights.shape().elements() / outputs);
    checkWindow(window, input, output, outputs);
    operands.checkWeights(weights, 0, outputs, true);
    return new Operator.Conv2d(
        input, weights, operands.bias(outputs), output, window, options.activation(3, output));
  }

  private Operator depthwise(Tensor output) throws ModelFormatException {
    Options options = context.options(2);
    Tensor input = operands.image(0);
    Tensor weights = operands.weights(1, 4);
    operands.checkImage(output, "output");
    SlidingWindow window =
        new SlidingWindow(
            weights.shape().dimension(1),
            weights.shape().dimension(2),
            options.step(2, "stride height"),
            options.step(1, "stride width"),
            options.dilation(6, "dilation height"),
            options.dilation(5, "dilation width"),
            options.padding());
    operands.checkDimension(weights, 0, 1, "one set of windows");
    int outputs = weights.shape().dimension(3);
    int channels = input.shape().dimension(3);
    if (outputs % channels != 0) {
      throw error(
          "weights: %d output channels (expected: a multiple of the input's %d)"
              .formatted(outputs, channels));
    }
    limits.addOutputs(context.where(), outputs, window.height() * window.width());
    checkWindow(window, input, output, outputs);
    operands.checkWeights(weights, 3, outputs, true);
    return new Operator.DepthwiseConv2d(
        input,
        weights,
        operands.bias(outputs),
        output,
        window,
        outputs / channels,
        options.activation(4, output));
  }

  private Operator fullyConnected(Tensor output) throws ModelFormatException {
    Options options = context.options(8);
    if (options.int8(1, "weights format") != 0) {
      throw error("weights format: shuffled (expected: default)");
    }
    Tensor input = operands.activation(0, "input");
    Tensor weights = operands.weights(1, 2);
    int outputs = weights.shape().dimension(0);
    int depth = weights.shape().dimension(1);
    limits.addOutputs(context.where(), outputs, depth);
    int elements = input.shape().elements();
    if (elements % depth != 0) {
      throw error(
          "input %s: %d elements (expected: a multiple of the weights' %d)"
              .formatted(input.label(), elements, depth));
    }
    if (output.shape().elements() != (long) elements / depth * outputs) {
      throw error(
          "output %s: shape %s (expected: %d elements)"
              .formatted(output.label(), output.shape(), (long) elements / depth * outputs));
    }
    operands.checkWeights(weights, 0, outputs, false);
    return new Operator.FullyConnected(
        input, weights, operands.bias(outputs), output, options.activation(0, output));
  }

  private Operator averagePool(Tensor output) throws ModelFormatException {
    Options options = context.options(5);
    Tensor input = operands.image(0);
    SlidingWindow window = poolWindow(options, input, output);
    return new Operator.AveragePool2d(input, output, window, options.activation(5, output));
  }

  private Operator maxPool(Tensor output) throws ModelFormatException {
    Options options = context.options(5);
    Tensor input = operands.image(0);
    SlidingWindow window = poolWindow(options, input, output);
    return new Operator.MaxPool2d(input, output, window, options.activation(5, output));
  }

  private SlidingWindow poolWindow(Options options, Tensor input, Tensor output)
      throws ModelFormatException {
    operands.checkImage(output, "output");
    SlidingWindow window =
        new SlidingWindow(
            options.step(4, "window height"),
            options.step(3, "window width"),
            options.step(2, "stride height"),
            options.step(1, "stride width"),
            1,
            1,
            options.padding());
    checkWindow(window, input, output, input.shape().dimension(3));
    operands.checkSameQuantization(input, output);
    limits.addWork(
        context.where(), (long) output.shape().elements() * window.height() * window.width());
    return window;
  }

  private Operator softmax(Tensor output) throws ModelFormatException {
    Options options = context.options(9);
    Tensor input = operands.activation(0, "input");
    operands.checkSameShape(input, output);
    if (input.shape().rank() < 1) {
      throw error(
          "input %s: a scalar (expected: classes along a dimension)".formatted(input.label()));
    }
    int depth = input.shape().dimension(input.shape().rank() - 1);
    if (depth > MAX_SOFTMAX_DEPTH) {
      throw error("classes: " + depth + " (expected: at most " + MAX_SOFTMAX_DEPTH + ")");
    }
    operands.checkProbabilities(output);
    float beta = options.float32(0, "beta");
    double rescale = (double) beta * input.requireQuantization().scale() * (1 << 26);
    if (!(rescale > 1) || Double.isInfinite(rescale)) {
      throw error(
          "beta %s with input scale %s (expected: beta * scale above 2^-26)"
              .formatted(beta, input.requireQuantization().scale()));
    }
    return new Operator.Softmax(input, output, beta);
  }

  private void checkWindow(SlidingWindow window, Tensor input, Tensor output, int channels)
      throws ModelFormatException {
    int height = input.shape().dimension(1);
    int width = input.shape().dimension(2);
    // The reach in long arithmetic first: the geometry itself is computed in ints.
    long reach =
        Math.max(
            (long) window.height() * window.dilationHeight(),
            (long) window.width() * window.dilationWidth());
    if (reach > Limits.CHANNELS) {
      throw error("window reaches over " + reach + " (expected: at most " + Limits.CHANNELS + ")");
    }
    int outputHeight = window.outputHeight(height);
    int outputWidth = window.outputWidth(width);
    if (outputHeight < 1 || outputWidth < 1) {
      throw error(
          "window %dx%d does not fit into input %s of shape %s"
              .formatted(window.height(), window.width(), input.label(), input.shape()));
    }
    limits.addActivations(
        context.where(),
        (long) window.paddedHeight(height)
            * window.paddedWidth(width)
            * input.shape().dimension(3));
    Shape expected = Shape.of(1, outputHeight, outputWidth, channels);
    if (!output.shape().equals(expected)) {
      throw error(
          "output %s: shape %s (expected: %s)".formatted(output.label(), output.shape(), expected));
    }
  }

  private ModelFormatException error(String message) {
    return context.error(message);
  }
}

package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;

/** Reads one operator and checks everything that its kernel will rely on. */
final class OperatorReader {
  private static final int MAX_SOFTMAX_DEPTH = 4095;
  private static final float SOFTMAX_OUTPUT_SCALE = 1f / 256;

  private final FlatTable table;
  private final Limits limits;

  private final int code;
  private final String where;
  private final Operands operands;

  OperatorReader(FlatTable table, List<FlatTable> codes, List<Tensor> tensors, Limits limits)
      throws ModelFormatException {
    this.table = table;
    this.limits = limits;
    this.code = code(table, codes);
    this.where = table.where() + " (" + BuiltinOperators.name(code) + ")";
    this.operands = new Operands(table, tensors, where);
  }

  Operator read() throws ModelFormatException {
    Tensor output = operands.output();
    limits.addActivations(where, output.shape().elements());
    Operator operator =
        switch (code) {
          case BuiltinOperators.ADD -> add(output);
          case BuiltinOperators.AVERAGE_POOL_2D -> averagePool(output);
          case BuiltinOperators.CONV_2D -> conv(output);
          case BuiltinOperators.DEPTHWISE_CONV_2D -> depthwise(output);
          case BuiltinOperators.FULLY_CONNECTED -> fullyConnected(output);
          case BuiltinOperators.RESHAPE -> reshape(output);
          case BuiltinOperators.SOFTMAX -> softmax(output);
          default ->
              throw error("not supported (expected one of " + BuiltinOperators.SUPPORTED + ")");
        };
    limits.addWork(where, operator.macs());
    for (Tensor constant : operator.constants()) {
      limits.addWeights(where, constant.shape().elements());
    }
    return operator;
  }

  private static int code(FlatTable table, List<FlatTable> codes) throws ModelFormatException {
    long index = Integer.toUnsignedLong(table.int32(0, "operator code", 0));
    if (index >= codes.size()) {
      throw table.error("operator code " + index + " (expected: below " + codes.size() + ")");
    }
    FlatTable code = codes.get((int) index);
    // Old writers fill only the first field, which has no room for codes above 127.
    return Math.max(code.int8(0, "deprecated code", 0), code.int32(3, "code", 0));
  }

  private Operator conv(Tensor output) throws ModelFormatException {
    Options options = Options.of(table, 1, where);
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
    checkWindow(window, input, output, outputs);
    operands.checkWeights(weights, 0, outputs, true);
    return new Operator.Conv2d(
        input, weights, operands.bias(outputs), output, window, options.activation(3));
  }

  private Operator depthwise(Tensor output) throws ModelFormatException {
    Options options = Options.of(table, 2, where);
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
    checkWindow(window, input, output, outputs);
    operands.checkWeights(weights, 3, outputs, true);
    return new Operator.DepthwiseConv2d(
        input,
        weights,
        operands.bias(outputs),
        output,
        window,
        outputs / channels,
        options.activation(4));
  }

  private Operator fullyConnected(Tensor output) throws ModelFormatException {
    Options options = Options.of(table, 8, where);
    if (options.int8(1, "weights format") != 0) {
      throw error("weights format: shuffled (expected: default)");
    }
    Tensor input = operands.activation(0, "input");
    Tensor weights = operands.weights(1, 2);
    int outputs = weights.shape().dimension(0);
    int depth = weights.shape().dimension(1);
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
        input, weights, operands.bias(outputs), output, options.activation(0));
  }

  private Operator averagePool(Tensor output) throws ModelFormatException {
    Options options = Options.of(table, 5, where);
    Tensor input = operands.image(0);
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
    limits.addWork(where, (long) output.shape().elements() * window.height() * window.width());
    return new Operator.AveragePool2d(input, output, window, options.activation(5));
  }

  private Operator add(Tensor output) throws ModelFormatException {
    Options options = Options.of(table, 11, where);
    Tensor first = operands.activation(0, "first input");
    Tensor second = operands.activation(1, "second input");
    if (!first.shape().equals(second.shape()) || !first.shape().equals(output.shape())) {
      throw error(
          "shapes %s + %s -> %s (expected: three times the same)"
              .formatted(first.shape(), second.shape(), output.shape()));
    }
    float twiceLargest =
        2 * Math.max(first.requireQuantization().scale(), second.requireQuantization().scale());
    double ratio = twiceLargest / ((double) (1 << 20) * output.requireQuantization().scale());
    if (!(ratio < 1)) {
      throw error("output scale is too small for its inputs (ratio " + ratio + ", expected < 1)");
    }
    return new Operator.Add(first, second, output, options.activation(0));
  }

  private Operator reshape(Tensor output) throws ModelFormatException {
    Tensor input = operands.activation(0, "input");
    if (input.shape().elements() != output.shape().elements()) {
      throw error(
          "shape %s to %s (expected: the same number of elements)"
              .formatted(input.shape(), output.shape()));
    }
    operands.checkSameQuantization(input, output);
    return new Operator.Reshape(input, output);
  }

  private Operator softmax(Tensor output) throws ModelFormatException {
    Options options = Options.of(table, 9, where);
    Tensor input = operands.activation(0, "input");
    if (!input.shape().equals(output.shape()) || input.shape().rank() < 1) {
      throw error("shape %s to %s (expected: the same)".formatted(input.shape(), output.shape()));
    }
    int depth = input.shape().dimension(input.shape().rank() - 1);
    if (depth > MAX_SOFTMAX_DEPTH) {
      throw error("classes: " + depth + " (expected: at most " + MAX_SOFTMAX_DEPTH + ")");
    }
    Quantization quantization = output.requireQuantization();
    if (quantization.scale() != SOFTMAX_OUTPUT_SCALE
        || quantization.zeroPoint() != Byte.MIN_VALUE) {
      throw error(
          "output %s: scale %s, zero point %d (expected: 1/256, -128)"
              .formatted(output.label(), quantization.scale(), quantization.zeroPoint()));
    }
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
        where,
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
    return new ModelFormatException(where + ": " + message);
  }
}

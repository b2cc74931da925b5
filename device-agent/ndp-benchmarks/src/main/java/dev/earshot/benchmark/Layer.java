package dev.earshot.benchmark;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Layers with the shapes that the MLPerf Tiny models have, and random weights. */
public enum Layer {
  /** Keyword spotting's first: few input channels, a long window. */
  KWS_FIRST {
    @Override
    Operator operator() {
      return conv(Shape.of(1, 49, 10, 1), 64, window(10, 4, 2, Padding.SAME));
    }
  },
  /** Keyword spotting's 1x1 convolutions. */
  KWS_POINTWISE {
    @Override
    Operator operator() {
      return conv(Shape.of(1, 25, 5, 64), 64, window(1, 1, 1, Padding.SAME));
    }
  },
  /** Keyword spotting's depthwise convolutions. */
  KWS_DEPTHWISE {
    @Override
    Operator operator() {
      return depthwise(Shape.of(1, 25, 5, 64), window(3, 3, 1, Padding.SAME));
    }
  },
  /** The streaming wake word's longest window. */
  SWW_DEPTHWISE {
    @Override
    Operator operator() {
      return depthwise(Shape.of(1, 16, 1, 128), window(15, 1, 1, Padding.VALID));
    }
  },
  /** Person detection's narrow layers: 16 output channels. */
  VWW_NARROW {
    @Override
    Operator operator() {
      return conv(Shape.of(1, 48, 48, 8), 16, window(1, 1, 1, Padding.SAME));
    }
  },
  /** Person detection's wide layers. */
  VWW_WIDE {
    @Override
    Operator operator() {
      return conv(Shape.of(1, 6, 6, 128), 128, window(1, 1, 1, Padding.SAME));
    }
  },
  /** Image classification's 3x3 convolutions. */
  IC_CONVOLUTION {
    @Override
    Operator operator() {
      return conv(Shape.of(1, 32, 32, 16), 16, window(3, 3, 1, Padding.SAME));
    }
  },
  /** Image classification's residual sum, of an activation and itself. */
  IC_ADD {
    @Override
    Operator operator() {
      Tensor input = activation(0, Shape.of(1, 32, 32, 16), 0.02f);
      return new Operator.Add(input, input, activation(1, input.shape(), 0.03f), Activation.RELU);
    }
  },
  /** Anomaly detection's first and largest layer. */
  AD_DENSE {
    @Override
    Operator operator() {
      Tensor input = activation(0, Shape.of(1, 640), INPUT_SCALE);
      return new Operator.FullyConnected(
          input,
          weights(1, Shape.of(128, 640)),
          bias(128),
          activation(3, Shape.of(1, 128), OUTPUT_SCALE),
          Activation.RELU);
    }
  },
  /** The pool at the end of keyword spotting. */
  KWS_POOL {
    @Override
    Operator operator() {
      Tensor input = activation(0, Shape.of(1, 25, 5, 64), INPUT_SCALE);
      return new Operator.AveragePool2d(
          input,
          activation(1, Shape.of(1, 1, 1, 64), INPUT_SCALE),
          window(25, 5, 1, Padding.VALID),
          Activation.NONE);
    }
  },
  /** The end of keyword spotting. */
  KWS_SOFTMAX {
    @Override
    Operator operator() {
      Tensor input = activation(0, Shape.of(1, 12), 0.1f);
      Quantization scores = Quantization.perTensor(1 / 256f, Byte.MIN_VALUE);
      return new Operator.Softmax(
          input, new Tensor(1, "scores", ElementType.INT8, input.shape(), scores, null), 1);
    }
  };

  private static final float INPUT_SCALE = 0.05f;
  private static final float WEIGHT_SCALE = 0.002f;
  private static final float OUTPUT_SCALE = 0.1f;
  private static final int BIAS = 20_000;

  abstract Operator operator();

  /** A model of this layer alone. */
  Graph graph() {
    Operator operator = operator();
    return new Graph(
        name(), 4, List.of(operator), operator.activations().getFirst(), operator.output());
  }

  private static Operator conv(Shape input, int outputs, SlidingWindow window) {
    return new Operator.Conv2d(
        activation(0, input, INPUT_SCALE),
        weights(1, Shape.of(outputs, window.height(), window.width(), input.dimension(3))),
        bias(outputs),
        activation(3, image(input, window, outputs), OUTPUT_SCALE),
        window,
        Activation.RELU);
  }

  private static Operator depthwise(Shape input, SlidingWindow window) {
    int channels = input.dimension(3);
    return new Operator.DepthwiseConv2d(
        activation(0, input, INPUT_SCALE),
        weights(1, Shape.of(1, window.height(), window.width(), channels)),
        bias(channels),
        activation(3, image(input, window, channels), OUTPUT_SCALE),
        window,
        1,
        Activation.RELU);
  }

  private static Shape image(Shape input, SlidingWindow window, int channels) {
    return Shape.of(
        1,
        window.outputHeight(input.dimension(1)),
        window.outputWidth(input.dimension(2)),
        channels);
  }

  private static SlidingWindow window(int height, int width, int stride, Padding padding) {
    return new SlidingWindow(height, width, stride, stride, 1, 1, padding);
  }

  private static Tensor activation(int index, Shape shape, float scale) {
    Quantization quantization = Quantization.perTensor(scale, Byte.MIN_VALUE);
    return new Tensor(index, "", ElementType.INT8, shape, quantization, null);
  }

  private static Tensor weights(int index, Shape shape) {
    byte[] values = new byte[shape.elements()];
    new SplittableRandom(1).nextBytes(values);
    return new Tensor(
        index,
        "weights",
        ElementType.INT8,
        shape,
        Quantization.perTensor(WEIGHT_SCALE, 0),
        ByteBuffer.wrap(values));
  }

  private static Tensor bias(int channels) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * channels);
    SplittableRandom random = new SplittableRandom(2);
    List<Float> scales = new ArrayList<>(List.of(INPUT_SCALE * WEIGHT_SCALE));
    for (int i = 0; i < channels; i++) {
      bytes.putInt(Integer.reverseBytes(random.nextInt(-BIAS, BIAS)));
    }
    return new Tensor(
        2,
        "bias",
        ElementType.INT32,
        Shape.of(channels),
        new Quantization(scales, List.of(0), 0),
        bytes.flip());
  }
}

package dev.earshot.ndp.streaming;

import dev.earshot.ndp.tflite.ModelFile;
import java.util.Random;

/**
 * Writes models over time, layer by layer: knows the shape and quantization of the last tensor.
 * Weights are random; scales are such that outputs spread over the int8 range.
 */
final class TimeModel {
  static final int SAME = 0;
  static final int VALID = 1;

  private final Random random;
  private final ModelFile file = new ModelFile();

  /** Whether time is the second dimension, as usual, or the third of an image of one row. */
  private final boolean timeIsHeight;

  private final int input;
  private Layer last;

  /** An activation of so many rows in time. */
  record Layer(int tensor, int rows, int width, int channels, float scale, int zeroPoint) {}

  TimeModel(Random random, boolean timeIsHeight, int rows, int width, int channels) {
    this.random = random;
    this.timeIsHeight = timeIsHeight;
    last = activation(rows, width, channels, 0.05f, random.nextInt(256) - 128);
    input = last.tensor();
  }

  Layer last() {
    return last;
  }

  /** Goes on from that tensor, so that the model branches. */
  TimeModel from(Layer layer) {
    last = layer;
    return this;
  }

  /** A new tensor of this model's layout. */
  Layer activation(int rows, int width, int channels, float scale, int zeroPoint) {
    int[] shape =
        timeIsHeight ? new int[] {1, rows, width, channels} : new int[] {1, 1, rows, channels};
    int tensor = file.activation("", scale, zeroPoint, shape);
    return new Layer(tensor, rows, width, channels, scale, zeroPoint);
  }

  /** The geometry of a window over time; across, it is one column wide. */
  record Window(int taps, int stride, int dilation, int padding) {
    int rows(int rows) {
      int reach = (taps - 1) * dilation + 1;
      return padding == SAME ? (rows + stride - 1) / stride : (rows - reach) / stride + 1;
    }
  }

  static Window valid(int taps) {
    return new Window(taps, 1, 1, VALID);
  }

  private int width(Window window) {
    return (last.width() + window.stride() - 1) / window.stride();
  }

  TimeModel conv(Window window, int channels) {
    Layer from = last;
    int fanIn = window.taps() * from.channels();
    int weights =
        file.weights(
            "",
            bytes(channels * fanIn),
            0,
            scales(channels),
            channels,
            timeIsHeight ? window.taps() : 1,
            timeIsHeight ? 1 : window.taps(),
            from.channels());
    last =
        activation(
            window.rows(from.rows()),
            timeIsHeight ? width(window) : 1,
            channels,
            spread(from, fanIn),
            random.nextInt(256) - 128);
    file.conv(
        window.padding(),
        window.stride(),
        window.dilation(),
        random.nextInt(2),
        new int[] {from.tensor(), weights, bias(channels)},
        last.tensor());
    return this;
  }

  TimeModel depthwise(Window window, int multiplier) {
    Layer from = last;
    int channels = from.channels() * multiplier;
    int weights =
        file.weights(
            "",
            bytes(window.taps() * channels),
            3,
            scales(channels),
            1,
            timeIsHeight ? window.taps() : 1,
            timeIsHeight ? 1 : window.taps(),
            channels);
    last =
        activation(
            window.rows(from.rows()),
            timeIsHeight ? width(window) : 1,
            channels,
            spread(from, window.taps()),
            random.nextInt(256) - 128);
    file.depthwise(
        window.padding(),
        window.stride(),
        window.dilation(),
        random.nextInt(2),
        new int[] {from.tensor(), weights, bias(channels)},
        last.tensor());
    return this;
  }

  TimeModel averagePool(Window window) {
    Layer from = last;
    last =
        activation(
            window.rows(from.rows()),
            timeIsHeight ? width(window) : 1,
            from.channels(),
            from.scale(),
            from.zeroPoint());
    file.operator(
        1,
        new int[] {from.tensor()},
        new int[] {last.tensor()},
        5,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) window.padding(), 0);
          b.addInt(1, window.stride(), 0);
          b.addInt(2, window.stride(), 0);
          b.addInt(3, timeIsHeight ? 1 : window.taps(), 0);
          b.addInt(4, timeIsHeight ? window.taps() : 1, 0);
          b.addByte(5, (byte) 0, 0);
          return b.endTable();
        });
    return this;
  }

  /** The sum of the last tensor and that one, which has the same shape. */
  TimeModel add(Layer other) {
    Layer from = last;
    last =
        activation(
            from.rows(),
            from.width(),
            from.channels(),
            from.scale() + other.scale(),
            random.nextInt(256) - 128);
    file.add(random.nextInt(2), from.tensor(), other.tensor(), last.tensor());
    return this;
  }

  /** A dense layer on each row by itself, through tensors of two dimensions. */
  TimeModel densePerRow(int outputs) {
    Layer from = last;
    int depth = from.width() * from.channels();
    int flat = file.activation("", from.scale(), from.zeroPoint(), from.rows(), depth);
    file.reshape(from.tensor(), flat);
    float scale = spread(from, depth);
    int dense = file.activation("", scale, 3, from.rows(), outputs);
    file.fullyConnected(0, new int[] {flat, denseWeights(outputs, depth), -1}, dense);
    last = activation(from.rows(), 1, outputs, scale, 3);
    file.reshape(dense, last.tensor());
    return this;
  }

  TimeModel softmax() {
    Layer from = last;
    last = activation(from.rows(), from.width(), from.channels(), 1 / 256f, -128);
    file.softmax(from.tensor(), last.tensor(), 1);
    return this;
  }

  /** Flattens everything, and one dense layer on it. */
  TimeModel classify(int outputs) {
    Layer from = last;
    int depth = from.rows() * from.width() * from.channels();
    int flat = file.activation("", from.scale(), from.zeroPoint(), 1, depth);
    file.reshape(from.tensor(), flat);
    float scale = spread(from, depth);
    int dense = file.activation("", scale, 0, 1, outputs);
    file.fullyConnected(0, new int[] {flat, denseWeights(outputs, depth), -1}, dense);
    last = new Layer(dense, 1, 1, outputs, scale, 0);
    return this;
  }

  ModelFile file() {
    return file;
  }

  /** Which of the four dimensions is time. */
  int timeAxis() {
    return timeIsHeight ? 1 : 2;
  }

  /** Random values for a constant. */
  byte[] constant(int length) {
    return bytes(length);
  }

  byte[] build() {
    return file.build(new int[] {input}, new int[] {last.tensor()});
  }

  private int denseWeights(int outputs, int depth) {
    return file.weights("", bytes(outputs * depth), 0, new float[] {0.01f}, outputs, depth);
  }

  private int bias(int channels) {
    return random.nextBoolean() ? file.bias("", random.ints(channels, -900, 900).toArray()) : -1;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private float[] scales(int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = 0.005f + 0.01f * random.nextFloat();
    }
    return scales;
  }

  /** A scale for sums of so many products, near the standard deviation of 60 steps. */
  private static float spread(Layer from, int fanIn) {
    return (float) (from.scale() * 0.01f * 74 * 74 * Math.sqrt(fanIn) / 60);
  }
}

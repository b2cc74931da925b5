package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.kernel.Requantizer;
import jdk.incubator.vector.FloatVector;

/**
 * DEPTHWISE_CONV_2D with one output channel for each input channel, on planes: vectors of channels,
 * tap by tap, for some pixels at a time, so that a tap's weights are loaded once for them. Where
 * several pixels' channels fit in one vector and lie side by side in input and output, they are
 * taken together ({@code fold}).
 */
final class DepthwiseStep implements Step {
  private static final int TALL = 8;
  private static final int SHORT = 4;

  private final int inputId;
  private final int outputId;
  private final int[] starts;
  private final int[] outputStarts;
  private final int[] taps;
  private final float[] weights;
  private final float[] bias;
  private final RowRequantizer requantizer;
  private final int tile;

  DepthwiseStep(
      int inputId,
      Plane input,
      SlidingWindow window,
      byte[] weights,
      int[] bias,
      Requantizer requantizer,
      int outputId,
      Plane output) {
    this.inputId = inputId;
    this.outputId = outputId;
    int fold = fold(window, input, output);
    int channels = input.channels() * fold;
    starts = every(fold, Window.starts(window, input));
    outputStarts = every(fold, Window.starts(output));
    taps = taps(window, input);
    this.weights = packed(weights, input.channels(), channels);
    this.bias = new float[Lanes.roundedUp(channels)];
    for (int c = 0; c < channels; c++) {
      this.bias[c] = bias[c % input.channels()];
    }
    this.requantizer = new RowRequantizer(requantizer, channels);
    tile = starts.length >= TALL ? TALL : starts.length >= SHORT ? SHORT : 1;
  }

  /** How many pixels to take as one. */
  private static int fold(SlidingWindow window, Plane input, Plane output) {
    int fold = Lanes.COUNT / input.channels();
    boolean fits =
        fold > 1
            && Lanes.COUNT % input.channels() == 0
            && window.strideWidth() == 1
            && output.width() % fold == 0;
    return fits ? fold : 1;
  }

  private static int[] every(int step, int[] starts) {
    int[] kept = new int[starts.length / step];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = starts[i * step];
    }
    return kept;
  }

  private static int[] taps(SlidingWindow window, Plane input) {
    int[] taps = new int[window.height() * window.width()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = tap / window.width() * window.dilationHeight();
      int column = tap % window.width() * window.dilationWidth();
      taps[tap] = row * input.rowStride() + column * input.channels();
    }
    return taps;
  }

  /** [vector of channels][tap][channel of the vector]. */
  private float[] packed(byte[] stored, int storedChannels, int channels) {
    int vectors = Lanes.vectors(channels);
    float[] packed = new float[vectors * taps.length * Lanes.COUNT];
    for (int tap = 0; tap < taps.length; tap++) {
      for (int c = 0; c < channels; c++) {
        int at = (c / Lanes.COUNT * taps.length + tap) * Lanes.COUNT + c % Lanes.COUNT;
        packed[at] = stored[tap * storedChannels + c % storedChannels];
      }
    }
    return packed;
  }

  @Override
  public void run(VectorWorkspace workspace) {
    float[] input = workspace.plane(inputId);
    float[] output = workspace.plane(outputId);
    for (int next = 0; next < starts.length; next += tile) {
      int pixel = Math.min(next, starts.length - tile);
      for (int channel = 0; channel < requantizer.stride(); channel += Lanes.COUNT) {
        sum(input, pixel, channel, workspace.sums);
      }
      requantizer.apply(workspace.sums, tile, output, outputStarts, pixel);
    }
  }

  private void sum(float[] input, int pixel, int channel, float[] sums) {
    int stride = requantizer.stride();
    switch (tile) {
      case TALL -> sumEight(input, starts, pixel, taps, weights, bias, channel, sums, stride);
      case SHORT -> sumFour(input, starts, pixel, taps, weights, bias, channel, sums, stride);
      default -> sumOne(input, starts[pixel], taps, weights, bias, channel, sums);
    }
  }

  private static void sumEight(
      float[] input,
      int[] starts,
      int pixel,
      int[] taps,
      float[] weights,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector first = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector sum0 = first;
    FloatVector sum1 = first;
    FloatVector sum2 = first;
    FloatVector sum3 = first;
    FloatVector sum4 = first;
    FloatVector sum5 = first;
    FloatVector sum6 = first;
    FloatVector sum7 = first;
    int in0 = starts[pixel] + channel;
    int in1 = starts[pixel + 1] + channel;
    int in2 = starts[pixel + 2] + channel;
    int in3 = starts[pixel + 3] + channel;
    int in4 = starts[pixel + 4] + channel;
    int in5 = starts[pixel + 5] + channel;
    int in6 = starts[pixel + 6] + channel;
    int in7 = starts[pixel + 7] + channel;
    int at = channel * taps.length;
    for (int tap : taps) {
      FloatVector weight = FloatVector.fromArray(Lanes.FLOATS, weights, at);
      sum0 = FloatVector.fromArray(Lanes.FLOATS, input, in0 + tap).fma(weight, sum0);
      sum1 = FloatVector.fromArray(Lanes.FLOATS, input, in1 + tap).fma(weight, sum1);
      sum2 = FloatVector.fromArray(Lanes.FLOATS, input, in2 + tap).fma(weight, sum2);
      sum3 = FloatVector.fromArray(Lanes.FLOATS, input, in3 + tap).fma(weight, sum3);
      sum4 = FloatVector.fromArray(Lanes.FLOATS, input, in4 + tap).fma(weight, sum4);
      sum5 = FloatVector.fromArray(Lanes.FLOATS, input, in5 + tap).fma(weight, sum5);
      sum6 = FloatVector.fromArray(Lanes.FLOATS, input, in6 + tap).fma(weight, sum6);
      sum7 = FloatVector.fromArray(Lanes.FLOATS, input, in7 + tap).fma(weight, sum7);
      at += Lanes.COUNT;
    }
    sum0.intoArray(sums, channel);
    sum1.intoArray(sums, stride + channel);
    sum2.intoArray(sums, 2 * stride + channel);
    sum3.intoArray(sums, 3 * stride + channel);
    sum4.intoArray(sums, 4 * stride + channel);
    sum5.intoArray(sums, 5 * stride + channel);
    sum6.intoArray(sums, 6 * stride + channel);
    sum7.intoArray(sums, 7 * stride + channel);
  }

  private static void sumFour(
      float[] input,
      int[] starts,
      int pixel,
      int[] taps,
      float[] weights,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector sum0 = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int in0 = starts[pixel] + channel;
    int in1 = starts[pixel + 1] + channel;
    int in2 = starts[pixel + 2] + channel;
    int in3 = starts[pixel + 3] + channel;
    int at = channel * taps.length;
    for (int tap : taps) {
      FloatVector weight = FloatVector.fromArray(Lanes.FLOATS, weights, at);
      sum0 = FloatVector.fromArray(Lanes.FLOATS, input, in0 + tap).fma(weight, sum0);
      sum1 = FloatVector.fromArray(Lanes.FLOATS, input, in1 + tap).fma(weight, sum1);
      sum2 = FloatVector.fromArray(Lanes.FLOATS, input, in2 + tap).fma(weight, sum2);
      sum3 = FloatVector.fromArray(Lanes.FLOATS, input, in3 + tap).fma(weight, sum3);
      at += Lanes.COUNT;
    }
    sum0.intoArray(sums, channel);
    sum1.intoArray(sums, stride + channel);
    sum2.intoArray(sums, 2 * stride + channel);
    sum3.intoArray(sums, 3 * stride + channel);
  }

  private static void sumOne(
      float[] input,
      int start,
      int[] taps,
      float[] weights,
      float[] bias,
      int channel,
      float[] sums) {
    FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    int at = channel * taps.length;
    for (int tap : taps) {
      FloatVector weight = FloatVector.fromArray(Lanes.FLOATS, weights, at);
      sum = FloatVector.fromArray(Lanes.FLOATS, input, start + channel + tap).fma(weight, sum);
      at += Lanes.COUNT;
    }
    sum.intoArray(sums, channel);
  }

  @Override
  public int sums() {
    return tile * requantizer.stride();
  }
}

package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.plan.Plane;
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

  /** Pixels that are walked before they are requantized, at most. */
  private static final int WALKED = 64;

  private final int inputId;
  private final int outputId;
  private final int[] starts;
  private final int[] outputStarts;
  private final int[] taps;
  private final float[] weights;
  private final RowRequantizer requantizer;
  private final int tile;
  private final Walk walk;

  /**
   * How to walk a 3 x 3 window with a stride of 1, with some whole rows at a time.
   *
   * @param rows rows of output at a time; 0 where the window is another
   */
  private record Walk(int rows, int columns, int rowStep, int columnStep) {}

  DepthwiseStep(
      int inputId,
      Plane input,
      SlidingWindow window,
      byte[] weights,
      Scaling scaling,
      int outputId,
      Plane output) {
    this.inputId = inputId;
    this.outputId = outputId;
    int fold = window.strideWidth() == 1 ? output.pixelsIn(Lanes.COUNT) : 1;
    int channels = input.channels() * fold;
    starts = FoldedWindow.every(fold, Window.starts(window, input));
    outputStarts = FoldedWindow.every(fold, Window.starts(output));
    taps = taps(window, input);
    this.weights = packed(weights, input.channels(), channels);
    this.requantizer = new RowRequantizer(scaling, channels);
    walk = walk(window, input, output, fold);
    tile = starts.length >= TALL ? TALL : starts.length >= SHORT ? SHORT : 1;
  }

  private static Walk walk(SlidingWindow window, Plane input, Plane output, int fold) {
    boolean fits = window.isDense(3, 3) && fold == 1 && output.width() <= WALKED;
    int rows = fits ? Math.min(WALKED / output.width(), output.height()) : 0;
    return new Walk(rows, output.width(), input.rowStride(), input.channels());
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
    if (starts.length == 1) {
      runOne(input, output, workspace.sums);
    } else if (walk.rows() > 0) {
      walk(input, output, workspace.sums);
    } else {
      runTiles(input, output, workspace.sums);
    }
  }

  private void walk(float[] input, float[] output, float[] sums) {
    int columns = walk.columns();
    for (int channel = 0; channel < requantizer.width(); channel += Lanes.COUNT) {
      for (int first = 0; first < starts.length; first += walk.rows() * columns) {
        int pixels = Math.min(walk.rows() * columns, starts.length - first);
        DepthwiseWalk.sum(
            input,
            starts[first] + channel,
            walk.rowStep(),
            walk.columnStep(),
            pixels / columns,
            columns,
            weights,
            channel * taps.length,
            sums);
        requantizer.apply(sums, pixels, 1, channel, output, outputStarts, first);
      }
    }
  }

  /** The only pixel, all channels at once: the newest row of a stream. */
  private void runOne(float[] input, float[] output, float[] sums) {
    int width = requantizer.width();
    for (int channel = 0; channel < width; channel += Lanes.COUNT) {
      sumOne(input, starts[0], taps, weights, channel, sums, channel);
    }
    requantizer.apply(sums, 1, width / Lanes.COUNT, 0, output, outputStarts, 0);
  }

  private void runTiles(float[] input, float[] output, float[] sums) {
    for (int channel = 0; channel < requantizer.width(); channel += Lanes.COUNT) {
      for (int next = 0; next < starts.length; next += ConvolutionStep.BLOCK) {
        int first = Math.min(next, starts.length - tile);
        int end = Math.min(next + ConvolutionStep.BLOCK, starts.length);
        for (int pixel = first; pixel < end; pixel += tile) {
          int from = Math.min(pixel, end - tile);
          sum(input, from, channel, sums, (from - first) * Lanes.COUNT);
        }
        requantizer.apply(sums, end - first, 1, channel, output, outputStarts, first);
      }
    }
  }

  private void sum(float[] input, int pixel, int channel, float[] sums, int row) {
    switch (tile) {
      case TALL -> sumEight(input, starts, pixel, taps, weights, channel, sums, row);
      case SHORT -> sumFour(input, starts, pixel, taps, weights, channel, sums, row);
      default -> sumOne(input, starts[pixel], taps, weights, channel, sums, row);
    }
  }

  private static void sumEight(
      float[] input,
      int[] starts,
      int pixel,
      int[] taps,
      float[] weights,
      int channel,
      float[] sums,
      int row) {
    FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum3 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum4 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum5 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum6 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum7 = FloatVector.zero(Lanes.FLOATS);
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
    sum0.intoArray(sums, row);
    sum1.intoArray(sums, row + Lanes.COUNT);
    sum2.intoArray(sums, row + 2 * Lanes.COUNT);
    sum3.intoArray(sums, row + 3 * Lanes.COUNT);
    sum4.intoArray(sums, row + 4 * Lanes.COUNT);
    sum5.intoArray(sums, row + 5 * Lanes.COUNT);
    sum6.intoArray(sums, row + 6 * Lanes.COUNT);
    sum7.intoArray(sums, row + 7 * Lanes.COUNT);
  }

  private static void sumFour(
      float[] input,
      int[] starts,
      int pixel,
      int[] taps,
      float[] weights,
      int channel,
      float[] sums,
      int row) {
    FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum3 = FloatVector.zero(Lanes.FLOATS);
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
    sum0.intoArray(sums, row);
    sum1.intoArray(sums, row + Lanes.COUNT);
    sum2.intoArray(sums, row + 2 * Lanes.COUNT);
    sum3.intoArray(sums, row + 3 * Lanes.COUNT);
  }

  private static void sumOne(
      float[] input, int start, int[] taps, float[] weights, int channel, float[] sums, int row) {
    FloatVector sum = FloatVector.zero(Lanes.FLOATS);
    int at = channel * taps.length;
    for (int tap : taps) {
      FloatVector weight = FloatVector.fromArray(Lanes.FLOATS, weights, at);
      sum = FloatVector.fromArray(Lanes.FLOATS, input, start + channel + tap).fma(weight, sum);
      at += Lanes.COUNT;
    }
    sum.intoArray(sums, row);
  }

  @Override
  public int sums() {
    return starts.length == 1
        ? requantizer.width()
        : Math.max(ConvolutionStep.BLOCK, WALKED) * Lanes.COUNT;
  }
}

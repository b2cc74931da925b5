package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * DEPTHWISE_CONV_2D: each channel is convolved by itself.
 *
 * <p>Layout: input and output NHWC with N = 1; weights [window row, window column][output channel],
 * the taps filled up to a multiple of four with zeros; output channel {@code c * m + q} belongs to
 * input channel c, m being the depth multiplier.
 *
 * <p>Formula, for output pixel (y, x) and output channel o:
 *
 * <pre>
 * acc = bias[o] + sum over (i, j) of
 *       (input[y * strideH + i * dilationH - padTop, x * strideW + j * dilationW - padLeft, o / m]
 *        - inputZeroPoint) * weight[i, j, o]
 * output = clamp(outputZeroPoint + round(acc * inputScale * weightScale[o] / outputScale))
 * </pre>
 *
 * Products outside the image are zero; weights are symmetric. Four taps are summed in floats, which
 * is exact (4 * 255 * 128 < 2^24), and added to an int; rounding and saturation are the {@link
 * Requantizer}'s.
 */
final class DepthwiseKernel implements Kernel {
  private final int slot;
  private final int inputSlot;
  private final int outputSlot;
  private final int outputHeight;
  private final int outputWidth;
  private final int outputChannels;
  private final int multiplier;
  private final int rowStep;
  private final int columnStep;
  private final PaddedInput padded;
  private final float[][] weights;
  private final int[] bias;
  private final int[] tapOffsets;
  private final Requantizer requantizer;

  DepthwiseKernel(Operator.DepthwiseConv2d conv, Slots slots) {
    slot = slots.nextScratch();
    inputSlot = slots.of(conv.input());
    outputSlot = slots.of(conv.output());
    SlidingWindow window = conv.window();
    int height = conv.input().shape().dimension(1);
    int width = conv.input().shape().dimension(2);
    int channels = conv.input().shape().dimension(3);
    outputHeight = window.outputHeight(height);
    outputWidth = window.outputWidth(width);
    multiplier = conv.depthMultiplier();
    outputChannels = channels * multiplier;
    Quantization inputQuantization = conv.input().requireQuantization();
    padded = new PaddedInput(height, width, channels, window, inputQuantization.zeroPoint());
    rowStep = window.strideHeight() * padded.rowStride();
    columnStep = window.strideWidth() * channels;
    bias = ConvolutionKernel.bias(conv.bias(), outputChannels);
    int taps = (window.height() * window.width() + 3) / 4 * 4;
    weights = widened(conv.weights().weightValues(), taps, outputChannels);
    tapOffsets = tapOffsets(window, padded.rowStride(), channels, taps);
    requantizer =
        Requantizer.fixedPoint(
            inputQuantization,
            conv.weights().requireQuantization(),
            conv.output().requireQuantization(),
            conv.activation(),
            outputChannels);
  }

  private static float[][] widened(byte[] values, int taps, int channels) {
    float[][] widened = new float[taps][channels];
    for (int i = 0; i < values.length; i++) {
      widened[i / channels][i % channels] = values[i];
    }
    return widened;
  }

  private static int[] tapOffsets(SlidingWindow window, int rowStride, int channels, int taps) {
    int[] offsets = new int[taps];
    for (int i = 0; i < window.height(); i++) {
      for (int j = 0; j < window.width(); j++) {
        offsets[i * window.width() + j] =
            i * window.dilationHeight() * rowStride + j * window.dilationWidth() * channels;
      }
    }
    return offsets;
  }

  @Override
  public int scratchFloats() {
    return padded.elements();
  }

  @Override
  public int accumulators() {
    return outputChannels;
  }

  @Override
  public void run(Workspace workspace) {
    float[] input = workspace.scratch(slot);
    byte[] output = workspace.activation(outputSlot);
    padded.fill(workspace.activation(inputSlot), input);
    int at = 0;
    for (int y = 0; y < outputHeight; y++) {
      for (int x = 0; x < outputWidth; x++) {
        sum(input, y * rowStep + x * columnStep, workspace.sums);
        requantizer.apply(workspace.sums, output, at);
        at += outputChannels;
      }
    }
  }

  private void sum(float[] input, int start, int[] sums) {
    System.arraycopy(bias, 0, sums, 0, outputChannels);
    for (int tap = 0; tap < tapOffsets.length; tap += 4) {
      int a = start + tapOffsets[tap];
      int b = start + tapOffsets[tap + 1];
      int c = start + tapOffsets[tap + 2];
      int d = start + tapOffsets[tap + 3];
      if (multiplier == 1) {
        addFour(input, a, b, c, d, weights, tap, sums);
      } else {
        addFourRepeated(input, a, b, c, d, weights, tap, sums, multiplier);
      }
    }
  }

  private static void addFour(
      float[] input, int a, int b, int c, int d, float[][] weights, int tap, int[] sums) {
    float[] w0 = weights[tap];
    float[] w1 = weights[tap + 1];
    float[] w2 = weights[tap + 2];
    float[] w3 = weights[tap + 3];
    for (int o = 0; o < w0.length; o++) {
      float sum = Math.fma(input[a + o], w0[o], input[b + o] * w1[o]);
      sums[o] += (int) Math.fma(input[c + o], w2[o], Math.fma(input[d + o], w3[o], sum));
    }
  }

  private static void addFourRepeated(
      float[] input,
      int a,
      int b,
      int c,
      int d,
      float[][] weights,
      int tap,
      int[] sums,
      int multiplier) {
    for (int o = 0; o < weights[tap].length; o++) {
      int i = o / multiplier;
      float sum = Math.fma(input[a + i], weights[tap][o], input[b + i] * weights[tap + 1][o]);
      sum = Math.fma(input[c + i], weights[tap + 2][o], sum);
      sums[o] += (int) Math.fma(input[d + i], weights[tap + 3][o], sum);
    }
  }
}

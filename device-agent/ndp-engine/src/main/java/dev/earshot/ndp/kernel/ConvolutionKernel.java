package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * CONV_2D, and FULLY_CONNECTED as a convolution with a window of one over rows of inputs.
 *
 * <p>Layout: input and output NHWC with N = 1; weights packed [window row, window column, input
 * channel][output channel], so that the innermost loop runs over output channels. Each row of
 * weights is an array of its own: the JIT compiler vectorises a loop that stores into one float
 * array while it reads others only where all are indexed alike.
 *
 * <p>Formula, for output pixel (y, x) and output channel o:
 *
 * <pre>
 * acc = bias[o] + sum over (i, j, c) of
 *       (input[y * strideH + i * dilationH - padTop, x * strideW + j * dilationW - padLeft, c]
 *        - inputZeroPoint) * (weight[o, i, j, c] - weightZeroPoint)
 * output = clamp(outputZeroPoint + round(acc * inputScale * weightScale[o] / outputScale))
 * </pre>
 *
 * Products outside the image are zero. Sums are exact: in floats within stretches that cannot
 * exceed 2^24, in int32 across them. Rounding and saturation are the {@link Requantizer}'s. The
 * weights' zero point is 0 except in a FULLY_CONNECTED with one scale.
 */
final class ConvolutionKernel implements Kernel {
  private final int slot;
  private final int inputSlot;
  private final int outputSlot;
  private final int outputHeight;
  private final int outputWidth;
  private final int outputChannels;
  private final int rowStep;
  private final int columnStep;
  private final PaddedInput padded;
  private final float[][] weights;
  private final int[] bias;
  private final int[] inputOffsets;
  private final int[] weightRows;
  private final int[] lengths;
  private final int[] flushes;
  private final Requantizer requantizer;

  private ConvolutionKernel(
      Slots slots,
      Tensor inputTensor,
      Shape input,
      Tensor outputTensor,
      int outputChannels,
      SlidingWindow window,
      float[][] weights,
      int[] bias,
      Requantizer requantizer) {
    this.slot = slots.nextScratch();
    this.inputSlot = slots.of(inputTensor);
    this.outputSlot = slots.of(outputTensor);
    this.outputChannels = outputChannels;
    int height = input.dimension(1);
    int width = input.dimension(2);
    int channels = input.dimension(3);
    this.outputHeight = window.outputHeight(height);
    this.outputWidth = window.outputWidth(width);
    this.padded =
        new PaddedInput(
            height, width, channels, window, inputTensor.requireQuantization().zeroPoint());
    this.rowStep = window.strideHeight() * padded.rowStride();
    this.columnStep = window.strideWidth() * channels;
    this.weights = weights;
    this.bias = bias;
    this.requantizer = requantizer;
    // A dense window's row is one contiguous run of columns and channels.
    boolean dense = window.dilationWidth() == 1;
    Stretches stretches =
        Stretches.of(
            window.height(),
            dense ? 1 : window.width(),
            dense ? window.width() * channels : channels,
            window.dilationHeight() * padded.rowStride(),
            window.dilationWidth() * channels,
            weights);
    this.inputOffsets = stretches.inputOffsets();
    this.weightRows = stretches.weightRows();
    this.lengths = stretches.lengths();
    this.flushes = stretches.flushes();
  }

  static ConvolutionKernel of(Operator.Conv2d conv, Slots slots) {
    int outputs = conv.weights().shape().dimension(0);
    return new ConvolutionKernel(
        slots,
        conv.input(),
        conv.input().shape(),
        conv.output(),
        outputs,
        conv.window(),
        packed(conv.weights(), outputs, 0),
        bias(conv.bias(), outputs),
        Requantizer.fixedPoint(
            conv.input().requireQuantization(),
            conv.weights().requireQuantization(),
            conv.output().requireQuantization(),
            conv.activation(),
            outputs));
  }

  static ConvolutionKernel of(Operator.FullyConnected dense, Rounding rounding, Slots slots) {
    int outputs = dense.weights().shape().dimension(0);
    int depth = dense.weights().shape().dimension(1);
    int rows = dense.input().shape().elements() / depth;
    Quantization input = dense.input().requireQuantization();
    Quantization weights = dense.weights().requireQuantization();
    Quantization output = dense.output().requireQuantization();
    Requantizer requantizer =
        switch (rounding) {
          case TFLITE_2_20 ->
              Requantizer.doublePrecision(input, weights, output, dense.activation(), outputs);
          case TFLITE_LEGACY ->
              Requantizer.fullyConnectedFixedPoint(
                  input, weights, output, dense.activation(), outputs);
        };
    return new ConvolutionKernel(
        slots,
        dense.input(),
        Shape.of(1, rows, 1, depth),
        dense.output(),
        outputs,
        new SlidingWindow(1, 1, 1, 1, 1, 1, Padding.VALID),
        packed(dense.weights(), outputs, weights.zeroPoint()),
        bias(dense.bias(), outputs),
        requantizer);
  }

  /** [output][rest] in the file to [rest][output], widened and without zero point. */
  private static float[][] packed(Tensor tensor, int outputs, int zeroPoint) {
    byte[] values = tensor.weightValues();
    int rest = values.length / outputs;
    float[][] packed = new float[rest][outputs];
    for (int o = 0; o < outputs; o++) {
      for (int k = 0; k < rest; k++) {
        packed[k][o] = values[o * rest + k] - zeroPoint;
      }
    }
    return packed;
  }

  static int[] bias(@Nullable Tensor tensor, int outputs) {
    int[] bias = new int[outputs];
    if (tensor != null) {
      tensor.requireConstant().asIntBuffer().get(bias);
    }
    return bias;
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
    int pixels = outputHeight * outputWidth;
    int pixel = 0;
    // Two pixels at a time halve the traffic of the weights.
    for (; pixel < pixels - 1; pixel += 2) {
      sumTwo(input, start(pixel), start(pixel + 1), workspace);
      requantizer.apply(workspace.sums, output, pixel * outputChannels);
      requantizer.apply(workspace.sums2, output, (pixel + 1) * outputChannels);
    }
    if (pixel < pixels) {
      sumOne(input, start(pixel), workspace);
      requantizer.apply(workspace.sums, output, pixel * outputChannels);
    }
  }

  /** Offset in the padded input of the first element under the window of an output pixel. */
  private int start(int pixel) {
    return pixel / outputWidth * rowStep + pixel % outputWidth * columnStep;
  }

  private void sumOne(float[] input, int start, Workspace workspace) {
    System.arraycopy(bias, 0, workspace.sums, 0, outputChannels);
    Arrays.fill(workspace.partial, 0, outputChannels, 0);
    for (int s = 0; s < lengths.length; s++) {
      int from = start + inputOffsets[s];
      int row = weightRows[s];
      int end = from + lengths[s];
      for (; from <= end - 4; from += 4, row += 4) {
        multiplyFour(input, from, weights, row, workspace.partial, outputChannels);
      }
      for (; from < end; from++, row++) {
        multiplyOne(input[from], weights[row], workspace.partial, outputChannels);
      }
      if (flushes[s] != 0) {
        flush(workspace.partial, workspace.sums, outputChannels);
      }
    }
  }

  private void sumTwo(float[] input, int start, int start2, Workspace workspace) {
    System.arraycopy(bias, 0, workspace.sums, 0, outputChannels);
    System.arraycopy(bias, 0, workspace.sums2, 0, outputChannels);
    float[] partial = workspace.partial;
    float[] partial2 = workspace.partial2;
    Arrays.fill(partial, 0, outputChannels, 0);
    Arrays.fill(partial2, 0, outputChannels, 0);
    for (int s = 0; s < lengths.length; s++) {
      int from = start + inputOffsets[s];
      int from2 = start2 + inputOffsets[s];
      int row = weightRows[s];
      int end = from + lengths[s];
      for (; from <= end - 4; from += 4, from2 += 4, row += 4) {
        multiplyFour(input, from, from2, weights, row, partial, partial2, outputChannels);
      }
      for (; from < end; from++, from2++, row++) {
        multiplyOne(input[from], weights[row], partial, outputChannels);
        multiplyOne(input[from2], weights[row], partial2, outputChannels);
      }
      if (flushes[s] != 0) {
        flush(partial, workspace.sums, outputChannels);
        flush(partial2, workspace.sums2, outputChannels);
      }
    }
  }

  /** {@code partial[o] += sum over four k of input[from + k] * weights[row + k][o]}. */
  private static void multiplyFour(
      float[] input, int from, float[][] weights, int row, float[] partial, int channels) {
    float x0 = input[from];
    float x1 = input[from + 1];
    float x2 = input[from + 2];
    float x3 = input[from + 3];
    float[] w0 = weights[row];
    float[] w1 = weights[row + 1];
    float[] w2 = weights[row + 2];
    float[] w3 = weights[row + 3];
    for (int o = 0; o < channels; o++) {
      float sum = Math.fma(x1, w1[o], Math.fma(x0, w0[o], partial[o]));
      partial[o] = Math.fma(x3, w3[o], Math.fma(x2, w2[o], sum));
    }
  }

  /** The same for two pixels. */
  private static void multiplyFour(
      float[] input,
      int from,
      int from2,
      float[][] weights,
      int row,
      float[] partial,
      float[] partial2,
      int channels) {
    float x0 = input[from];
    float x1 = input[from + 1];
    float x2 = input[from + 2];
    float x3 = input[from + 3];
    float y0 = input[from2];
    float y1 = input[from2 + 1];
    float y2 = input[from2 + 2];
    float y3 = input[from2 + 3];
    float[] w0 = weights[row];
    float[] w1 = weights[row + 1];
    float[] w2 = weights[row + 2];
    float[] w3 = weights[row + 3];
    for (int o = 0; o < channels; o++) {
      float sum = Math.fma(x1, w1[o], Math.fma(x0, w0[o], partial[o]));
      partial[o] = Math.fma(x3, w3[o], Math.fma(x2, w2[o], sum));
      float sum2 = Math.fma(y1, w1[o], Math.fma(y0, w0[o], partial2[o]));
      partial2[o] = Math.fma(y3, w3[o], Math.fma(y2, w2[o], sum2));
    }
  }

  private static void multiplyOne(float x, float[] weights, float[] partial, int channels) {
    for (int o = 0; o < channels; o++) {
      partial[o] = Math.fma(x, weights[o], partial[o]);
    }
  }

  private static void flush(float[] partial, int[] sums, int channels) {
    for (int o = 0; o < channels; o++) {
      sums[o] += (int) partial[o];
      partial[o] = 0;
    }
  }
}

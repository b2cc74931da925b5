package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * CONV_2D.
 *
 * <p>Layout: input and output NHWC with N = 1; weights [output channel, window row, window column,
 * input channel] in the file, [row, column, input channel][output channel] here.
 *
 * <p>Formula, for output pixel (y, x) and output channel o:
 *
 * <pre>
 * acc = bias[o] + sum over (i, j, c) of
 *       (input[y * strideH + i * dilationH - padTop, x * strideW + j * dilationW - padLeft, c]
 *        - inputZeroPoint) * weight[o, i, j, c]
 * output = clamp(outputZeroPoint + round(acc * inputScale * weightScale[o] / outputScale))
 * </pre>
 *
 * <p>Elements outside the image stand for real 0 and add nothing. Weights are symmetric: their zero
 * point is 0. The sum is an int32; rounding and saturation are the {@link Requantizer}'s.
 */
final class ConvolutionKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final ImageWindow window;
  private final int channels;
  private final int inputZeroPoint;
  private final WeightMatrix weights;
  private final Requantizer requantizer;

  ConvolutionKernel(Operator.Conv2d conv, Slots slots) {
    int outputs = conv.weights().shape().dimension(0);
    inputSlot = slots.of(conv.input());
    outputSlot = slots.of(conv.output());
    window = new ImageWindow(conv.window(), conv.input().shape());
    channels = conv.input().shape().dimension(3);
    inputZeroPoint = conv.input().requireQuantization().zeroPoint();
    weights = WeightMatrix.transposed(conv.weights(), conv.bias(), outputs);
    requantizer = Requantizer.of(conv);
  }

  @Override
  public int accumulators() {
    return weights.outputs();
  }

  @Override
  public void run(Workspace workspace) {
    byte[] input = workspace.activation(inputSlot);
    byte[] output = workspace.activation(outputSlot);
    int at = 0;
    for (int y = 0; y < window.outputHeight(); y++) {
      for (int x = 0; x < window.outputWidth(); x++) {
        sum(input, y, x, workspace.sums);
        for (int o = 0; o < weights.outputs(); o++) {
          output[at++] = (byte) requantizer.requantize(workspace.sums[o], o);
        }
      }
    }
  }

  private void sum(byte[] input, int y, int x, int[] sums) {
    weights.start(sums);
    SlidingWindow taps = window.taps();
    for (int i = 0; i < taps.height(); i++) {
      for (int j = 0; j < taps.width(); j++) {
        int pixel = window.pixel(y, x, i, j);
        if (pixel >= 0) {
          int tap = i * taps.width() + j;
          weights.addProducts(
              input, pixel * channels, channels, inputZeroPoint, tap * channels, sums);
        }
      }
    }
  }
}

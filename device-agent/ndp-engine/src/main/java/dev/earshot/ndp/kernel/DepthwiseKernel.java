package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * DEPTHWISE_CONV_2D: each channel is convolved by itself.
 *
 * <p>Layout: input and output NHWC with N = 1; weights [1, window row, window column, output
 * channel]; output channel {@code c * m + q} belongs to input channel c, m being the depth
 * multiplier.
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
 * <p>Elements outside the image stand for real 0 and add nothing; weights are symmetric. The sum is
 * an int32; rounding and saturation are the {@link Requantizer}'s.
 */
final class DepthwiseKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final ImageWindow window;
  private final int channels;
  private final int multiplier;
  private final int inputZeroPoint;
  private final WeightMatrix weights;
  private final Requantizer requantizer;

  DepthwiseKernel(Operator.DepthwiseConv2d conv, Slots slots) {
    inputSlot = slots.of(conv.input());
    outputSlot = slots.of(conv.output());
    window = new ImageWindow(conv.window(), conv.input().shape());
    channels = conv.input().shape().dimension(3);
    multiplier = conv.depthMultiplier();
    inputZeroPoint = conv.input().requireQuantization().zeroPoint();
    weights = WeightMatrix.asStored(conv.weights(), conv.bias(), channels * multiplier);
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
          weights.addOneEach(input, pixel * channels, multiplier, inputZeroPoint, tap, sums);
        }
      }
    }
  }
}

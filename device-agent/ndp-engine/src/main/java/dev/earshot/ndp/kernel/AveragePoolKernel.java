package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * AVERAGE_POOL_2D: the mean of each channel over a window.
 *
 * <p>Layout NHWC with N = 1. Input and output share scale and zero point, so the mean is taken of
 * the int8 values themselves: {@code output = clamp(round(sum / count))}, rounded half away from
 * zero, where count is the number of elements of the window that lie inside the image. The clamp is
 * the fused activation.
 */
final class AveragePoolKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final ImageWindow window;
  private final int channels;
  private final Requantizer.Range range;

  AveragePoolKernel(Operator.AveragePool2d pool, Slots slots) {
    inputSlot = slots.of(pool.input());
    outputSlot = slots.of(pool.output());
    window = new ImageWindow(pool.window(), pool.input().shape());
    channels = pool.input().shape().dimension(3);
    range = Requantizer.Range.of(pool.output().requireQuantization(), pool.activation());
  }

  @Override
  public void run(Workspace workspace) {
    byte[] input = workspace.activation(inputSlot);
    byte[] output = workspace.activation(outputSlot);
    int at = 0;
    for (int y = 0; y < window.outputHeight(); y++) {
      for (int x = 0; x < window.outputWidth(); x++) {
        for (int c = 0; c < channels; c++) {
          output[at++] = (byte) range.clamp(mean(input, y, x, c));
        }
      }
    }
  }

  private int mean(byte[] input, int y, int x, int channel) {
    int sum = 0;
    int count = 0;
    SlidingWindow taps = window.taps();
    for (int i = 0; i < taps.height(); i++) {
      for (int j = 0; j < taps.width(); j++) {
        int pixel = window.pixel(y, x, i, j);
        if (pixel >= 0) {
          sum += input[pixel * channels + channel];
          count++;
        }
      }
    }
    int half = sum > 0 ? count / 2 : -(count / 2);
    return (sum + half) / count;
  }
}

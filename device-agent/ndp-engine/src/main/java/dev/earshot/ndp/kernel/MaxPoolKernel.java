package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * MAX_POOL_2D: the largest value of each channel under a window.
 *
 * <p>Layout NHWC with N = 1. Input and output share scale and zero point, so the int8 values are
 * compared as they are: {@code output = clamp(max(window))}, over the elements of the window that
 * lie inside the image. The clamp is the fused activation; nothing is rounded.
 */
final class MaxPoolKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final ImageWindow window;
  private final int channels;
  private final Requantizer.Range range;

  MaxPoolKernel(Operator.MaxPool2d pool, Slots slots) {
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
          output[at++] = (byte) range.clamp(max(input, y, x, c));
        }
      }
    }
  }

  private int max(byte[] input, int y, int x, int channel) {
    int max = Byte.MIN_VALUE;
    SlidingWindow taps = window.taps();
    for (int i = 0; i < taps.height(); i++) {
      for (int j = 0; j < taps.width(); j++) {
        int pixel = window.pixel(y, x, i, j);
        if (pixel >= 0) {
          max = Math.max(max, input[pixel * channels + channel]);
        }
      }
    }
    return max;
  }
}

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
  private final int height;
  private final int width;
  private final int channels;
  private final int outputHeight;
  private final int outputWidth;
  private final SlidingWindow window;
  private final int paddingTop;
  private final int paddingLeft;
  private final int lowest;
  private final int highest;

  MaxPoolKernel(Operator.MaxPool2d pool, Slots slots) {
    inputSlot = slots.of(pool.input());
    outputSlot = slots.of(pool.output());
    height = pool.input().shape().dimension(1);
    width = pool.input().shape().dimension(2);
    channels = pool.input().shape().dimension(3);
    window = pool.window();
    outputHeight = window.outputHeight(height);
    outputWidth = window.outputWidth(width);
    paddingTop = window.paddingTop(height);
    paddingLeft = window.paddingLeft(width);
    lowest = pool.activation().lowestQuantized(pool.output().requireQuantization());
    highest = pool.activation().highestQuantized(pool.output().requireQuantization());
  }

  @Override
  public void run(Workspace workspace) {
    byte[] input = workspace.activation(inputSlot);
    byte[] output = workspace.activation(outputSlot);
    int at = 0;
    for (int y = 0; y < outputHeight; y++) {
      int top = y * window.strideHeight() - paddingTop;
      int firstRow = Math.max(top, 0);
      int endRow = Math.min(top + window.height(), height);
      for (int x = 0; x < outputWidth; x++) {
        int left = x * window.strideWidth() - paddingLeft;
        int firstColumn = Math.max(left, 0);
        int endColumn = Math.min(left + window.width(), width);
        for (int c = 0; c < channels; c++) {
          int max = max(input, firstRow, endRow, firstColumn, endColumn, c);
          output[at++] = (byte) Math.min(Math.max(max, lowest), highest);
        }
      }
    }
  }

  private int max(
      byte[] input, int firstRow, int endRow, int firstColumn, int endColumn, int channel) {
    int max = Byte.MIN_VALUE;
    for (int row = firstRow; row < endRow; row++) {
      for (int column = firstColumn; column < endColumn; column++) {
        max = Math.max(max, input[(row * width + column) * channels + channel]);
      }
    }
    return max;
  }
}

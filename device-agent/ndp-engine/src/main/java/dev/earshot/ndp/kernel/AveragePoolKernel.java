package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;
import java.util.Arrays;

/**
 * AVERAGE_POOL_2D: the mean of each channel over a window.
 *
 * <p>Layout NHWC with N = 1. Input and output share scale and zero point, so the mean is taken of
 * the int8 values themselves: {@code output = clamp(round(sum / count))}, rounded half away from
 * zero, where count is the number of elements of the window that lie inside the image.
 */
final class AveragePoolKernel implements Kernel {
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

  AveragePoolKernel(Operator.AveragePool2d pool, Slots slots) {
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
  public int accumulators() {
    return channels;
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
        sum(input, firstRow, endRow, firstColumn, endColumn, workspace.sums);
        int count = (endRow - firstRow) * (endColumn - firstColumn);
        divide(workspace.sums, count, output, at);
        at += channels;
      }
    }
  }

  private void sum(
      byte[] input, int firstRow, int endRow, int firstColumn, int endColumn, int[] sums) {
    Arrays.fill(sums, 0, channels, 0);
    for (int row = firstRow; row < endRow; row++) {
      for (int column = firstColumn; column < endColumn; column++) {
        int from = (row * width + column) * channels;
        for (int c = 0; c < channels; c++) {
          sums[c] += input[from + c];
        }
      }
    }
  }

  private void divide(int[] sums, int count, byte[] output, int at) {
    for (int c = 0; c < channels; c++) {
      int half = sums[c] > 0 ? count / 2 : -(count / 2);
      int mean = (sums[c] + half) / count;
      output[at + c] = (byte) Math.min(Math.max(mean, lowest), highest);
    }
  }
}

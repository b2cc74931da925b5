package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.kernel.Requantizer;
import dev.earshot.ndp.plan.Plane;
import jdk.incubator.vector.FloatVector;

/**
 * AVERAGE_POOL_2D on planes: sums of values minus zero point in floats, vectors of channels at a
 * time; the mean itself, of the int8 values and rounded half away from zero, in ints.
 */
final class AveragePoolStep implements Step {
  private final int inputId;
  private final int outputId;
  private final Plane input;
  private final SlidingWindow window;
  private final int[] outputStarts;
  private final Requantizer.Range range;

  AveragePoolStep(
      int inputId,
      Plane input,
      SlidingWindow window,
      Requantizer.Range range,
      int outputId,
      Plane output) {
    this.inputId = inputId;
    this.input = input;
    this.window = window;
    this.range = range;
    this.outputId = outputId;
    this.outputStarts = Window.starts(output);
  }

  /** Whether the sum of a whole window is exact in floats. */
  static boolean isExactFor(SlidingWindow window) {
    return (long) window.height() * window.width() * 255 < 1 << 24;
  }

  @Override
  public void run(VectorWorkspace workspace) {
    float[] values = workspace.plane(inputId);
    float[] output = workspace.plane(outputId);
    int width = window.outputWidth(input.width());
    for (int pixel = 0; pixel < outputStarts.length; pixel++) {
      int top = pixel / width * window.strideHeight() - window.paddingTop(input.height());
      int left = pixel % width * window.strideWidth() - window.paddingLeft(input.width());
      int row = Math.max(top, 0);
      int rows = Math.min(top + window.height(), input.height()) - row;
      int column = Math.max(left, 0);
      int columns = Math.min(left + window.width(), input.width()) - column;
      for (int c = 0; c < input.channels(); c += Lanes.COUNT) {
        sum(values, input.start(row, column) + c, rows, columns, workspace.sums, c);
      }
      divide(workspace.sums, rows * columns, output, outputStarts[pixel]);
    }
  }

  private void sum(float[] values, int start, int rows, int columns, float[] sums, int to) {
    FloatVector sum = FloatVector.zero(Lanes.FLOATS);
    for (int row = 0; row < rows; row++) {
      int at = start + row * input.rowStride();
      for (int column = 0; column < columns; column++) {
        sum = sum.add(FloatVector.fromArray(Lanes.FLOATS, values, at));
        at += input.channels();
      }
    }
    sum.intoArray(sums, to);
  }

  private void divide(float[] sums, int count, float[] output, int to) {
    for (int c = 0; c < input.channels(); c++) {
      int sum = (int) sums[c] + count * range.zeroPoint();
      int half = sum > 0 ? count / 2 : -(count / 2);
      int mean = (sum + half) / count;
      output[to + c] = range.clamp(mean) - range.zeroPoint();
    }
  }

  @Override
  public int sums() {
    return Lanes.roundedUp(input.channels());
  }
}

package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.plan.Plane;

/**
 * The inputs under a window as runs of floats that lie side by side: one run for each row of a
 * dense window, one for each tap of a dilated one.
 */
final class Window {
  private final int[] offsets;
  private final int length;

  private Window(int[] offsets, int length) {
    this.offsets = offsets;
    this.length = length;
  }

  static Window of(SlidingWindow taps, Plane plane) {
    int row = taps.dilationHeight() * plane.rowStride();
    int column = taps.dilationWidth() * plane.channels();
    boolean dense = taps.dilationWidth() == 1;
    int perRow = dense ? 1 : taps.width();
    int[] offsets = new int[taps.height() * perRow];
    for (int run = 0; run < offsets.length; run++) {
      offsets[run] = run / perRow * row + run % perRow * column;
    }
    return new Window(offsets, dense ? taps.width() * plane.channels() : plane.channels());
  }

  /** All of a row of inputs. */
  static Window row(int floats) {
    return new Window(new int[1], floats);
  }

  int runs() {
    return offsets.length;
  }

  /** Where a run starts, from the window's first float. */
  int offset(int run) {
    return offsets[run];
  }

  /** Floats of each run. */
  int length() {
    return length;
  }

  /** Where the window of every output pixel starts in a plane, row by row. */
  static int[] starts(SlidingWindow taps, Plane plane) {
    int height = taps.outputHeight(plane.height());
    int width = taps.outputWidth(plane.width());
    int top = taps.paddingTop(plane.height());
    int left = taps.paddingLeft(plane.width());
    int[] starts = new int[height * width];
    for (int pixel = 0; pixel < starts.length; pixel++) {
      int y = pixel / width * taps.strideHeight() - top;
      int x = pixel % width * taps.strideWidth() - left;
      starts[pixel] = plane.start(y, x);
    }
    return starts;
  }

  /** Where every pixel of a plane starts, row by row. */
  static int[] starts(Plane plane) {
    int[] starts = new int[plane.height() * plane.width()];
    for (int pixel = 0; pixel < starts.length; pixel++) {
      starts[pixel] = plane.start(pixel / plane.width(), pixel % plane.width());
    }
    return starts;
  }
}

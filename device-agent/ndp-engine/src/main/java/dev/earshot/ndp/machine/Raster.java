package dev.earshot.ndp.machine;

import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.plan.Plane;

/**
 * Where pixels are, in bytes from the workspace's start: {@code start + row * rowStep + column *
 * columnStep}.
 */
record Raster(int rows, int columns, int start, int rowStep, int columnStep) {
  /** The pixels of a plane. */
  static Raster of(Place place) {
    Plane plane = place.plane();
    return new Raster(
        plane.height(),
        plane.width(),
        place.start() + plane.start(0, 0),
        plane.rowStride(),
        plane.channels());
  }

  /** Where the window of each output starts in a plane. */
  static Raster of(SlidingWindow window, Place place) {
    Plane plane = place.plane();
    int top = window.paddingTop(plane.height());
    int left = window.paddingLeft(plane.width());
    return new Raster(
        window.outputHeight(plane.height()),
        window.outputWidth(plane.width()),
        place.start() + plane.start(-top, -left),
        window.strideHeight() * plane.rowStride(),
        window.strideWidth() * plane.channels());
  }

  /** Rows that lie behind one another. */
  static Raster ofRows(int rows, int start, int bytes) {
    return new Raster(1, rows, start, 0, bytes);
  }

  int pixels() {
    return rows * columns;
  }

  /** Whether all pixels are as far from one another as two of a row. */
  boolean isEven() {
    return rows == 1 || rowStep == columns * columnStep;
  }

  /** The same pixels as a single row. */
  Raster asRow() {
    return new Raster(1, pixels(), start, 0, columnStep);
  }

  /** Every so many pixels of a row taken as one. */
  Raster folded(int pixels) {
    return new Raster(rows, columns / pixels, start, rowStep, columnStep * pixels);
  }

  /** From one pixel to another some rows and columns on. */
  int offset(int row, int column) {
    return row * rowStep + column * columnStep;
  }
}

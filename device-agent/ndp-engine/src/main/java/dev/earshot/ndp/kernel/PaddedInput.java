package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.SlidingWindow;

/**
 * Widens an int8 image to floats, subtracts its zero point and puts it in the middle of a buffer
 * whose border stays zero: so a convolution needs no bounds checks, and padding contributes nothing
 * (TFLite pads with the zero point). Differences of int8 values are exact in a float.
 */
final class PaddedInput {
  private final int rows;
  private final int rowElements;
  private final int rowStride;
  private final int firstElement;
  private final int elements;
  private final float zeroPoint;

  PaddedInput(int height, int width, int channels, SlidingWindow window, int zeroPoint) {
    this.rows = height;
    this.rowElements = width * channels;
    this.rowStride = window.paddedWidth(width) * channels;
    this.firstElement =
        window.paddingTop(height) * rowStride + window.paddingLeft(width) * channels;
    this.elements = window.paddedHeight(height) * rowStride;
    this.zeroPoint = zeroPoint;
  }

  /** Floats of the buffer. */
  int elements() {
    return elements;
  }

  /** Distance between rows in the buffer. */
  int rowStride() {
    return rowStride;
  }

  void fill(byte[] image, float[] buffer) {
    for (int row = 0; row < rows; row++) {
      int from = row * rowElements;
      int to = firstElement + row * rowStride;
      for (int i = 0; i < rowElements; i++) {
        buffer[to + i] = image[from + i] - zeroPoint;
      }
    }
  }
}

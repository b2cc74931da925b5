package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * How an activation lies in an array of floats: rows of pixels of channels, each value minus the
 * zero point, with zeros around the image, so that a window may hang over its border without a
 * check. Anything without height and width is one pixel.
 *
 * @param height rows of the image
 * @param width pixels of a row
 * @param channels floats of a pixel
 * @param border zeros around it
 */
record Plane(int height, int width, int channels, Border border) {
  /** Rows above and below, pixels left and right. */
  record Border(int top, int left, int bottom, int right) {
    static final Border NONE = new Border(0, 0, 0, 0);

    /** What a window reaches over the edges of an image. */
    static Border of(SlidingWindow window, int height, int width) {
      int top = window.paddingTop(height);
      int left = window.paddingLeft(width);
      return new Border(
          top,
          left,
          window.paddedHeight(height) - height - top,
          window.paddedWidth(width) - width - left);
    }

    /** Enough for both. */
    Border and(Border other) {
      return new Border(
          Math.max(top, other.top),
          Math.max(left, other.left),
          Math.max(bottom, other.bottom),
          Math.max(right, other.right));
    }
  }

  static Plane of(Shape shape, Border border) {
    return isImage(shape)
        ? new Plane(shape.dimension(1), shape.dimension(2), shape.dimension(3), border)
        : new Plane(1, 1, shape.elements(), Border.NONE);
  }

  static boolean isImage(Shape shape) {
    return shape.rank() == 4 && shape.dimension(0) == 1;
  }

  /** Floats from one row to the next. */
  int rowStride() {
    return (border.left() + width + border.right()) * channels;
  }

  /** Where pixel (y, x) starts; coordinates in the border are negative or beyond the image. */
  int start(int y, int x) {
    return (border.top() + y) * rowStride() + (border.left() + x) * channels;
  }

  /** Length of the array: a vector may be read from its last float on. */
  int floats() {
    return (border.top() + height + border.bottom()) * rowStride() + Lanes.COUNT;
  }

  /** Whether its elements lie side by side, as in the tensor. */
  boolean isContiguous() {
    return border.equals(Border.NONE);
  }
}

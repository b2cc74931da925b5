package dev.earshot.ndp.plan;

import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * How an activation lies in memory: rows of pixels of channels, with real zeros around the image,
 * so that a window may hang over its border without a check. Anything without height and width is
 * one pixel.
 *
 * @param height rows of the image
 * @param width pixels of a row
 * @param channels elements of a pixel
 * @param border zeros around it
 */
public record Plane(int height, int width, int channels, Border border) {
  /** Rows above and below, pixels left and right. */
  public record Border(int top, int left, int bottom, int right) {
    public static final Border NONE = new Border(0, 0, 0, 0);

    /** What a window reaches over the edges of an image. */
    public static Border of(SlidingWindow window, int height, int width) {
      int top = window.paddingTop(height);
      int left = window.paddingLeft(width);
      return new Border(
          top,
          left,
          window.paddedHeight(height) - height - top,
          window.paddedWidth(width) - width - left);
    }

    /** Enough for both. */
    public Border and(Border other) {
      return new Border(
          Math.max(top, other.top),
          Math.max(left, other.left),
          Math.max(bottom, other.bottom),
          Math.max(right, other.right));
    }
  }

  public static Plane of(Shape shape, Border border) {
    return isImage(shape)
        ? new Plane(shape.dimension(1), shape.dimension(2), shape.dimension(3), border)
        : new Plane(1, 1, shape.elements(), Border.NONE);
  }

  public static boolean isImage(Shape shape) {
    return shape.rank() == 4 && shape.dimension(0) == 1;
  }

  /** How many pixels fill a vector of so many lanes, if they divide a row; else 1. */
  public int pixelsIn(int lanes) {
    int pixels = lanes / channels;
    boolean fits = pixels > 1 && lanes % channels == 0 && width % pixels == 0;
    return fits ? pixels : 1;
  }

  /** Elements from one row to the next. */
  public int rowStride() {
    return (border.left() + width + border.right()) * channels;
  }

  /** Where pixel (y, x) starts; coordinates in the border are negative or beyond the image. */
  public int start(int y, int x) {
    return (border.top() + y) * rowStride() + (border.left() + x) * channels;
  }

  /** All of the image and its border. */
  public int elements() {
    return (border.top() + height + border.bottom()) * rowStride();
  }

  /** Whether its elements lie side by side, as in the tensor. */
  public boolean isContiguous() {
    return border.equals(Border.NONE);
  }
}

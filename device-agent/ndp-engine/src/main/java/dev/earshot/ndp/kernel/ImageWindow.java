package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * Where a sliding window's taps lie in an image of a given size.
 *
 * @param taps the window
 * @param height rows of the image
 * @param width columns of the image
 */
record ImageWindow(SlidingWindow taps, int height, int width) {
  /** Over an image [1, height, width, channels]. */
  ImageWindow(SlidingWindow taps, Shape image) {
    this(taps, image.dimension(1), image.dimension(2));
  }

  int outputHeight() {
    return taps.outputHeight(height);
  }

  int outputWidth() {
    return taps.outputWidth(width);
  }

  /** The image's pixel under tap (i, j) for output pixel (y, x), -1 outside the image. */
  int pixel(int y, int x, int i, int j) {
    int row = y * taps.strideHeight() + i * taps.dilationHeight() - taps.paddingTop(height);
    int column = x * taps.strideWidth() + j * taps.dilationWidth() - taps.paddingLeft(width);
    boolean inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? row * width + column : -1;
  }
}

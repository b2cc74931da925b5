package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.graph.SlidingWindow;

/**
 * A convolution with fewer outputs than a vector has lanes, as one with some neighbouring pixels'
 * outputs side by side: the window of a fold of f pixels is as wide as all of theirs, and a pixel's
 * weights are zero where the window is not its own. The products with zeros cost less than the
 * lanes that would be empty.
 *
 * @param taps the window of one pixel
 * @param channels of the input
 * @param outputs of one pixel
 * @param pixels of a fold
 */
record FoldedWindow(SlidingWindow taps, int channels, int outputs, int pixels) {
  /** The window of a fold, without padding: where it starts is known. */
  SlidingWindow window() {
    return new SlidingWindow(
        taps.height(),
        width(),
        taps.strideHeight(),
        taps.strideWidth() * pixels,
        taps.dilationHeight(),
        taps.dilationWidth(),
        Padding.VALID);
  }

  private int width() {
    return taps.width() + (pixels - 1) * taps.strideWidth();
  }

  /** The weights of a fold from those of a pixel. */
  PackedWeights.Source source(PackedWeights.Source pixel) {
    return (input, output) -> {
      int channel = input % channels;
      int column = input / channels % width() - output / outputs * taps.strideWidth();
      int row = input / channels / width();
      boolean own = column >= 0 && column < taps.width();
      int tap = (row * taps.width() + column) * channels + channel;
      return own ? pixel.weight(tap, output % outputs) : 0;
    };
  }

  /** Every so many pixels' start. */
  static int[] every(int step, int[] starts) {
    int[] kept = new int[starts.length / step];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = starts[i * step];
    }
    return kept;
  }
}

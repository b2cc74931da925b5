package dev.earshot.ndp.kernel;

import java.util.Arrays;

/**
 * Where a sum of products may be carried in floats without error, so that it equals the integer sum
 * bit for bit. Activations minus zero point lie in [-255, 255]; a float adds integers exactly below
 * 2^24. So a stretch of weights is safe while {@code 255 * sum |w| < 2^24}; where a longer one is
 * needed, the partial sum moves to an int and starts again.
 */
final class ExactSums {
  private static final float LIMIT = 1 << 24;
  private static final float LARGEST_ACTIVATION = 255;

  private final float[] magnitude;

  ExactSums(int channels) {
    magnitude = new float[channels];
  }

  /**
   * Adds the weights of one tap for all channels.
   *
   * @return false, with nothing added, when that would leave the exact range: the caller then ends
   *     the stretch, calls {@link #restart} and adds the tap again
   */
  boolean add(float[] weights) {
    for (int c = 0; c < magnitude.length; c++) {
      float next = magnitude[c] + Math.abs(weights[c]);
      if (next * LARGEST_ACTIVATION >= LIMIT) {
        return false;
      }
    }
    for (int c = 0; c < magnitude.length; c++) {
      magnitude[c] += Math.abs(weights[c]);
    }
    return true;
  }

  void restart() {
    Arrays.fill(magnitude, 0);
  }
}

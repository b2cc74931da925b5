package dev.earshot.ndp;

import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.EventPeaks;

/** What a {@link WakeWordEngine} reports, on the thread that feeds it audio. */
public interface DetectionSink extends EventPeaks.Sink {
  /**
   * One inference was made.
   *
   * @param frameIndex the last frame of its window, counted from 0
   * @param score int8 score of the (first) wake word, not smoothed
   */
  void onScore(long frameIndex, int score);

  /** The device wakes; follows the {@link #onScore} of the same frame. */
  void onDetection(Detection detection);

  /** {@inheritDoc} By default nobody minds. */
  @Override
  default void onPeak(int peak, boolean woke, long audioMillis) {
    // most listeners want scores and wakes only
  }
}

package dev.earshot.simulator.audio;

import dev.earshot.ndp.frontend.FrontEndParameters;

/**
 * Every score that a model gave while it heard one scene from its start. Shared by all devices that
 * hear the scene with this model: never modified.
 */
public final class HeardScene {
  private final FrontEndParameters frontEnd;
  private final byte[] scores;
  private final long firstFrame;
  private final int lengthMillis;

  HeardScene(FrontEndParameters frontEnd, byte[] scores, long firstFrame, int lengthMillis) {
    this.frontEnd = frontEnd;
    this.scores = scores;
    this.firstFrame = firstFrame;
    this.lengthMillis = lengthMillis;
  }

  /** How long the scene is. */
  public int lengthMillis() {
    return lengthMillis;
  }

  /** How many inferences were made. */
  public int inferences() {
    return scores.length;
  }

  /** The int8 score of an inference, from 0. */
  public int score(int inference) {
    return scores[inference];
  }

  /** When the last frame of an inference ended. */
  public long endMillis(int inference) {
    long samples = (firstFrame + inference) * frontEnd.hopSamples() + frontEnd.windowSamples();
    return samples * 1000 / frontEnd.sampleRateHz();
  }

  /** The first inference whose last frame ended at that time or later. */
  public int firstAt(long millis) {
    int low = 0;
    int high = scores.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (endMillis(middle) >= millis) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * The smoothed score at an inference as {@code Detector.smoothedCeiling} gives it: rounded up,
   * and -128 before the average's window is full.
   */
  public int smoothed(int inference, int smoothingFrames) {
    int from = inference - smoothingFrames + 1;
    if (from < 0) {
      return Byte.MIN_VALUE;
    }
    int sum = 0;
    for (int i = from; i <= inference; i++) {
      sum += scores[i];
    }
    return Math.ceilDiv(sum, smoothingFrames);
  }
}

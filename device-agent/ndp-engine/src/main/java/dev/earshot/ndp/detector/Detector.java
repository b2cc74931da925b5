package dev.earshot.ndp.detector;

import java.util.Arrays;

/**
 * Posterior handling of one word: a moving average over its scores, a threshold, a refractory time.
 * Deterministic: depends on the scores and their audio times only. Before the average's window is
 * full the smoothed score is -128, so that nothing wakes: a device that has just started is not
 * quicker than one that has listened for long. Not thread-safe; allocates nothing.
 */
public final class Detector {
  private final DetectorParameters parameters;
  private final byte[] recent;
  private int next;
  private int missing;
  private int sum;
  private long quietUntilMillis;

  public Detector(DetectorParameters parameters) {
    this.parameters = parameters;
    recent = new byte[parameters.smoothingFrames()];
    reset();
  }

  public DetectorParameters parameters() {
    return parameters;
  }

  /**
   * Takes the next score.
   *
   * @param score of the wake word, int8
   * @param audioMillis audio time of that score, not decreasing
   * @return whether the device wakes now
   */
  public boolean accept(int score, long audioMillis) {
    observe(score);
    if (!ready(audioMillis)) {
      return false;
    }
    backOff(audioMillis);
    return true;
  }

  /** Takes the next score into the average. */
  void observe(int score) {
    sum += score - recent[next];
    recent[next] = (byte) score;
    next = next + 1 == recent.length ? 0 : next + 1;
    missing = Math.max(0, missing - 1);
  }

  /** Whether the average is above the threshold and the refractory time over. */
  boolean ready(long audioMillis) {
    return missing == 0
        && sum > parameters.thresholdScore() * recent.length
        && audioMillis >= quietUntilMillis;
  }

  /** Starts the refractory time. */
  void backOff(long audioMillis) {
    quietUntilMillis = audioMillis + parameters.refractoryMillis();
  }

  /** Whether the average is larger than the other's, exactly. */
  boolean isAbove(Detector other) {
    return sum * other.recent.length > other.sum * recent.length;
  }

  /** The moving average, rounded toward negative infinity. */
  public int smoothedScore() {
    return missing > 0 ? Byte.MIN_VALUE : Math.floorDiv(sum, recent.length);
  }

  /** The moving average, rounded toward positive infinity: above a threshold when that wakes. */
  public int smoothedCeiling() {
    return missing > 0 ? Byte.MIN_VALUE : Math.ceilDiv(sum, recent.length);
  }

  /** Forgets all scores and the refractory time. */
  public void reset() {
    Arrays.fill(recent, (byte) 0);
    missing = recent.length;
    sum = 0;
    next = 0;
    quietUntilMillis = Long.MIN_VALUE;
  }
}

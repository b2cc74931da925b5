package dev.earshot.ndp.detector;

import java.util.Arrays;

/**
 * Posterior handling as on the chip: a moving average over the wake word's scores, a threshold, a
 * refractory time. Deterministic: depends on the scores and their audio times only. Before the
 * average's window is full, the missing scores count as -128, so that a device never wakes earlier
 * because it has just started. Not thread-safe; allocates nothing.
 */
public final class Detector {
  private final DetectorParameters parameters;
  private final byte[] recent;
  private int next;
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
    sum += score - recent[next];
    recent[next] = (byte) score;
    next = next + 1 == recent.length ? 0 : next + 1;
    boolean above = sum > parameters.thresholdScore() * recent.length;
    if (!above || audioMillis < quietUntilMillis) {
      return false;
    }
    quietUntilMillis = audioMillis + parameters.refractoryMillis();
    return true;
  }

  /** The moving average, rounded toward negative infinity. */
  public int smoothedScore() {
    return Math.floorDiv(sum, recent.length);
  }

  /** The moving average, rounded toward positive infinity: above a threshold when that wakes. */
  public int smoothedCeiling() {
    return Math.ceilDiv(sum, recent.length);
  }

  /** Forgets all scores and the refractory time. */
  public void reset() {
    Arrays.fill(recent, Byte.MIN_VALUE);
    sum = Byte.MIN_VALUE * recent.length;
    next = 0;
    quietUntilMillis = Long.MIN_VALUE;
  }
}

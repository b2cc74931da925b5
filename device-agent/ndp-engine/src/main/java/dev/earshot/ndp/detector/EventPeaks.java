package dev.earshot.ndp.detector;

/**
 * Cuts what the detector of the first word hears into events and keeps the peak of each: a rise of
 * the smoothed score above 0 (the model takes the word for likelier than not), or above the
 * threshold where that is lower, and what follows within one refractory time. A peak above some
 * threshold is a wake that this threshold would give, so the peaks of a fleet say what another
 * threshold does there. Not thread-safe; allocates nothing.
 */
public final class EventPeaks {
  /** Events have a peak above this; lower ones are the noise of every silent second. */
  public static final int FLOOR = -1;

  private final int floor;
  private final int threshold;
  private final int refractoryMillis;
  private boolean open;
  private boolean woke;
  private int peak;
  private long untilMillis;

  public EventPeaks(DetectorParameters parameters) {
    threshold = parameters.thresholdScore();
    floor = Math.min(FLOOR, threshold);
    refractoryMillis = parameters.refractoryMillis();
  }

  /** Is told of events when they are over. */
  public interface Sink {
    /**
     * An event is over.
     *
     * @param peak largest smoothed score, rounded up: above a threshold exactly when that threshold
     *     would have woken
     * @param woke whether the device woke in it
     * @param audioMillis audio time at which it was known to be over
     */
    void onPeak(int peak, boolean woke, long audioMillis);
  }

  /**
   * Takes what the detector made of the next score.
   *
   * @param smoothed {@link Detector#smoothedCeiling()}
   * @param wakes what {@link Detector#accept} said
   * @param audioMillis audio time, not decreasing
   */
  public void accept(int smoothed, boolean wakes, long audioMillis, Sink sink) {
    if (open && audioMillis >= untilMillis) {
      finish(audioMillis, sink);
    }
    if (!open) {
      if (smoothed <= floor && !wakes) {
        return;
      }
      open = true;
      woke = false;
      peak = Byte.MIN_VALUE;
      untilMillis = audioMillis + refractoryMillis;
    }
    peak = Math.max(peak, smoothed);
    if (wakes) {
      woke = true;
      untilMillis = audioMillis + refractoryMillis;
    }
  }

  /** Ends the event that is open, if there is one: no more audio will come. */
  public void finish(long audioMillis, Sink sink) {
    if (open) {
      open = false;
      // Above the threshold without a wake: another word was louder. No threshold would have
      // helped.
      sink.onPeak(woke ? peak : Math.min(peak, threshold), woke, audioMillis);
    }
  }

  /** Forgets an open event. */
  public void reset() {
    open = false;
  }
}

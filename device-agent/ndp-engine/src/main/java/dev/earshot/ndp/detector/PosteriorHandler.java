package dev.earshot.ndp.detector;

/**
 * Posterior handling as on the chip: each word has a moving average over its scores, a threshold
 * and a back-off of its own. At most one word wakes at a time: of those that are above their
 * thresholds and not in their back-off the one with the largest average, the one that is listed
 * first where two are equal. The others were the same sound, so that their back-off starts, too.
 *
 * <p>Deterministic: depends on the scores and their audio times only. No word wakes before its
 * average's window is full, and no class that is not a word ever does. The chip's handler is a
 * state machine whose states time out (for a command after a wake word); this is its case of one
 * state. Not thread-safe; allocates nothing.
 */
public final class PosteriorHandler {
  /** What {@link #accept} returns when nothing wakes. */
  public static final int NOTHING = -1;

  private final PosteriorParameters parameters;
  private final Detector[] words;

  public PosteriorHandler(PosteriorParameters parameters) {
    this.parameters = parameters;
    words = new Detector[parameters.words().size()];
    for (int i = 0; i < words.length; i++) {
      words[i] = new Detector(parameters.words().get(i).detector());
    }
  }

  public PosteriorParameters parameters() {
    return parameters;
  }

  /**
   * Takes the next output of the model.
   *
   * @param scores one int8 value for each class; read during the call only
   * @param audioMillis audio time of that output, not decreasing
   * @return the word that wakes now, as index into the parameters' words, or {@link #NOTHING}
   */
  public int accept(byte[] scores, long audioMillis) {
    int loudest = NOTHING;
    for (int i = 0; i < words.length; i++) {
      Detector word = words[i];
      word.observe(scores[word.parameters().wakeClass()]);
      if (word.ready(audioMillis) && (loudest == NOTHING || word.isAbove(words[loudest]))) {
        loudest = i;
      }
    }
    if (loudest != NOTHING) {
      for (Detector word : words) {
        if (word.ready(audioMillis)) {
          word.backOff(audioMillis);
        }
      }
    }
    return loudest;
  }

  /** The moving average of a word, rounded toward negative infinity. */
  public int smoothedScore(int word) {
    return words[word].smoothedScore();
  }

  /** The moving average of a word, rounded toward positive infinity. */
  public int smoothedCeiling(int word) {
    return words[word].smoothedCeiling();
  }

  /** Forgets all scores and back-offs. */
  public void reset() {
    for (Detector word : words) {
      word.reset();
    }
  }
}

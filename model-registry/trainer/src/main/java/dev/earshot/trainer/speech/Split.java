package dev.earshot.trainer.speech;

import java.util.Locale;

/** Who may be heard when. No speaker, and no seed of a noise, is in two splits. */
public enum Split {
  /** The network learns from it. */
  TRAINING,
  /** The threshold is chosen on it. */
  DEVELOPMENT,
  /** The figures of the evaluation come from it, and from nothing else. */
  TEST;

  /** The word in seeds and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

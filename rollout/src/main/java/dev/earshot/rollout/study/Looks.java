package dev.earshot.rollout.study;

/** When rules look: every minute for six hours, then every five minutes. */
final class Looks {
  private static final int DENSE_MINUTES = 6 * 60;
  private static final int SPARSE_STEP = 5;

  private Looks() {}

  /** The first look after {@code minute}, both counted from the start of a rollout or stage. */
  static int after(int minute) {
    return minute + (minute < DENSE_MINUTES ? 1 : SPARSE_STEP);
  }
}

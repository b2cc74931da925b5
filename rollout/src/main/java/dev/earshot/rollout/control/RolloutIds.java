package dev.earshot.rollout.control;

/** How rollouts are named. */
public final class RolloutIds {
  private static final String ROLLOUT = "r-";
  private static final String PREVIEW = "p-";
  private static final int DIGITS = 10;

  private RolloutIds() {}

  /** The rollout of that random or derived text of hexadecimal digits, at least ten. */
  public static String rollout(String hex) {
    return ROLLOUT + hex.substring(0, DIGITS);
  }

  /** A rollout that only counts whom a plan would reach. */
  public static String preview(String hex) {
    return PREVIEW + hex.substring(0, DIGITS);
  }

  /** Whether that is the name of a preview: no list and no stream of events shows it. */
  public static boolean isPreview(String id) {
    return id.startsWith(PREVIEW);
  }
}

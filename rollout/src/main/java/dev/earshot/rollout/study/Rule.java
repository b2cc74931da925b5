package dev.earshot.rollout.study;

/**
 * A way to decide that a release does harm (or, for some, that it does not), bound to one rollout.
 */
public interface Rule {
  /**
   * Looks at the rollout as it stands now; called at every look in order until it returns true.
   *
   * @return whether the rule decides
   */
  boolean decides();

  /** Makes the rule anew for each rollout. */
  interface Factory {
    /** A rule that has seen nothing of a rollout that has not begun. */
    Rule create(SimulatedRollout rollout);
  }

  /**
   * A rule under a name.
   *
   * @param name for tables
   * @param factory makes it
   */
  record Named(String name, Factory factory) {}
}

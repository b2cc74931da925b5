package dev.earshot.rollout.gate;

/** What a release is watched for. Each has its own share of a rollout's {@link AlphaBudget}. */
public enum Metric {
  /** Wakes that the second stage rejected, per listening hour. */
  FALSE_ACCEPTS("false_accepts"),
  /** Suspected missed wakes, per wake attempt. */
  FALSE_REJECTS("false_rejects"),
  /**
   * Wakes that the second stage did not reject, per listening hour: a model that has gone deaf
   * neither accepts nor nearly misses anything. Fewer are harm.
   */
  WAKES("wakes"),
  /** Mean power of the listening chip. */
  POWER("power"),
  /** Battery charge that a device uses per hour on battery. */
  BATTERY("battery"),
  /** A device's first unexpected reboot. */
  CRASHES("crashes"),
  /** A device's first silence after its offer. */
  SILENCE("silence"),
  /** Updates that did not end committed. */
  FAILED_UPDATES("failed_updates");

  private final String label;

  Metric(String label) {
    this.label = label;
  }

  /** Name in events, metrics and messages. */
  public String label() {
    return label;
  }
}

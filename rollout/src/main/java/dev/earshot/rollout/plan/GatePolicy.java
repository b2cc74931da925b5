package dev.earshot.rollout.plan;

/**
 * What the gates may do.
 *
 * @param alpha probability that a harmless release is ever stopped, above 0 to 0.2
 * @param maxFailurePercent share of updates that may fail, above 0 and below 100
 * @param onHarm what happens when a gate finds harm
 */
public record GatePolicy(double alpha, double maxFailurePercent, OnHarm onHarm) {
  /** 1 % false alarms, 5 % failed updates, and back at once. */
  public static final GatePolicy DEFAULT = new GatePolicy(0.01, 5, OnHarm.ROLLBACK);

  /** The answer to harm. */
  public enum OnHarm {
    /** Every treated device goes back. */
    ROLLBACK,
    /** No further offers, and an operator decides. */
    PAUSE
  }

  public GatePolicy {
    Checks.require(alpha > 0 && alpha <= 0.2, "gates.alpha", alpha, "above 0 to 0.2");
    Checks.require(
        maxFailurePercent > 0 && maxFailurePercent < 100,
        "gates.max_failure_percent",
        maxFailurePercent,
        "above 0 and below 100");
  }
}

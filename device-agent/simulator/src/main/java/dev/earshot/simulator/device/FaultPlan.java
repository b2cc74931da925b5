package dev.earshot.simulator.device;

/**
 * What goes wrong in the fleet, and how often.
 *
 * @param duplicateHeartbeatProbability that a heartbeat is published twice, 0 to 1
 * @param disconnectsPerDay how often a device loses its connection, for each day of fleet time
 * @param corruptDownloadProbability that one byte of an update's files arrives changed, 0 to 1
 * @param powerCutProbability that the power is cut during an update, at one of its writes to flash,
 *     0 to 1
 */
public record FaultPlan(
    double duplicateHeartbeatProbability,
    double disconnectsPerDay,
    double corruptDownloadProbability,
    double powerCutProbability) {

  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(0, 0, 0, 0);

  public FaultPlan {
    probability("duplicateHeartbeatProbability", duplicateHeartbeatProbability);
    probability("corruptDownloadProbability", corruptDownloadProbability);
    probability("powerCutProbability", powerCutProbability);
    if (!(disconnectsPerDay >= 0 && disconnectsPerDay <= 100_000)) {
      throw new IllegalArgumentException(
          "disconnectsPerDay: " + disconnectsPerDay + " (expected: 0 to 100000)");
    }
  }

  private static void probability(String field, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: between 0 and 1)");
    }
  }
}

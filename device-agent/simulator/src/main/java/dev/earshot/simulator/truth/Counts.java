package dev.earshot.simulator.truth;

/**
 * What a set of reporting intervals adds up to.
 *
 * @param listeningMillis exposure
 * @param wakes detections, right or wrong
 * @param falseAccepts detections that were wrong
 * @param suspectedFalseRejects misses that devices suspect
 * @param inferences made
 * @param chipMicrojoules used by the chips
 */
public record Counts(
    long listeningMillis,
    long wakes,
    long falseAccepts,
    long suspectedFalseRejects,
    long inferences,
    long chipMicrojoules) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

  public Counts plus(Counts other) {
    return new Counts(
        listeningMillis + other.listeningMillis,
        wakes + other.wakes,
        falseAccepts + other.falseAccepts,
        suspectedFalseRejects + other.suspectedFalseRejects,
        inferences + other.inferences,
        chipMicrojoules + other.chipMicrojoules);
  }

  public Counts minus(Counts other) {
    return new Counts(
        listeningMillis - other.listeningMillis,
        wakes - other.wakes,
        falseAccepts - other.falseAccepts,
        suspectedFalseRejects - other.suspectedFalseRejects,
        inferences - other.inferences,
        chipMicrojoules - other.chipMicrojoules);
  }
}

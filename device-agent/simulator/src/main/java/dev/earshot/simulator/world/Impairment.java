package dev.earshot.simulator.world;

/**
 * How much worse a model is somewhere than its evaluation says.
 *
 * @param falseAccepts times the measured rate
 * @param misses times the measured share
 * @param chipPower times the energy that the chip draws
 * @param drain times what the whole device draws from its battery
 * @param latency times the time of an inference
 * @param crashesPerDay unexpected reboots of a device in a day of fleet time
 * @param silentShare share of the devices that are never heard of while they run it, 0 to 1
 */
public record Impairment(
    double falseAccepts,
    double misses,
    double chipPower,
    double drain,
    double latency,
    double crashesPerDay,
    double silentShare) {
  /** It is as it was measured. */
  public static final Impairment NONE = new Impairment(1, 1, 1, 1, 1, 0, 0);

  /** Both at once. */
  public Impairment and(Impairment other) {
    return new Impairment(
        falseAccepts * other.falseAccepts,
        misses * other.misses,
        chipPower * other.chipPower,
        drain * other.drain,
        latency * other.latency,
        crashesPerDay + other.crashesPerDay,
        1 - (1 - silentShare) * (1 - other.silentShare));
  }
}

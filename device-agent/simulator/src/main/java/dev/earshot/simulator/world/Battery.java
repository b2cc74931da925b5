package dev.earshot.simulator.world;

/**
 * A device's battery: drained by host and chip, charged in two hours when somebody notices that it
 * is low. Used by one thread at a time.
 */
final class Battery {
  private static final double LOW = 0.15;
  private static final double FULL = 1.0;
  private static final double MILLIS_FROM_EMPTY_TO_FULL = 2 * 3_600_000.0;

  private final double capacityMicrojoules;
  private double charge;
  private boolean charging;

  /**
   * @param charge at the start, 0 to 1
   * @param capacityMicrojoules at the start
   */
  Battery(double charge, double capacityMicrojoules) {
    this.capacityMicrojoules = capacityMicrojoules;
    this.charge = charge;
  }

  double percent() {
    return charge * 100;
  }

  boolean charging() {
    return charging;
  }

  /**
   * Lets time pass in which that much energy was drawn, evenly.
   *
   * @param capacityLeft share of the capacity at the start that age has left, above 0 and at most 1
   */
  void advance(long millis, double microjoules, double capacityLeft, Interval into) {
    double left = millis;
    double drainPerMilli =
        millis == 0 ? 0 : microjoules / (capacityMicrojoules * capacityLeft) / millis;
    double discharged = 0;
    while (left > 0) {
      double rate = charging ? 1 / MILLIS_FROM_EMPTY_TO_FULL : -drainPerMilli;
      double room = charging ? FULL - charge : charge - LOW;
      double step = rate == 0 ? left : Math.min(left, Math.max(0, room) / Math.abs(rate));
      charge = Math.clamp(charge + rate * step, 0, FULL);
      if (!charging) {
        discharged += step;
        into.socDropPercent += drainPerMilli * step * 100;
      }
      left -= step;
      if (left > 0) {
        charging = !charging;
      }
    }
    into.dischargeMillis += Math.round(discharged);
  }
}

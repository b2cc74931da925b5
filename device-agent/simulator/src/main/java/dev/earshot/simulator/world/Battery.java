package dev.earshot.simulator.world;

/**
 * A device's battery: drained by host and chip, charged when somebody notices that it is low. A
 * small lithium cell without ageing. Used by one thread at a time.
 */
final class Battery {
  /** A 300 mAh cell at 3.7 V. */
  private static final double CAPACITY_MICROJOULES = 300e-3 * 3600 * 3.7 * 1e6;

  private static final double LOW = 0.15;
  private static final double FULL = 1.0;
  private static final double MILLIS_FROM_EMPTY_TO_FULL = 2 * 3_600_000.0;

  private double charge;
  private boolean charging;

  /**
   * @param charge at the start, 0 to 1
   */
  Battery(double charge) {
    this.charge = charge;
  }

  double percent() {
    return charge * 100;
  }

  boolean charging() {
    return charging;
  }

  /** Lets time pass in which that much energy was drawn, evenly. */
  void advance(long millis, double microjoules, Interval into) {
    double left = millis;
    double drainPerMilli = millis == 0 ? 0 : microjoules / CAPACITY_MICROJOULES / millis;
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

package dev.earshot.rollout.gate;

/**
 * Sums over the devices of one arm and stratum for the {@link PowerGate}: x is the natural
 * logarithm of a device's mean power before its offer, y that since. Additive over partitions.
 *
 * @param devices their number
 * @param sumX of x
 * @param sumY of y
 * @param sumXx of x squared
 * @param sumXy of x y
 * @param sumYy of y squared
 */
public record PowerSums(
    long devices, double sumX, double sumY, double sumXx, double sumXy, double sumYy) {

  /** Of no device. */
  public static final PowerSums NONE = new PowerSums(0, 0, 0, 0, 0, 0);

  public PowerSums {
    Checks.atLeastZero("devices", devices);
    Checks.finite("sumX", sumX);
    Checks.finite("sumY", sumY);
    Checks.atLeastZero("sumXx", sumXx);
    Checks.finite("sumXy", sumXy);
    Checks.atLeastZero("sumYy", sumYy);
  }

  /**
   * One device.
   *
   * @param priorMilliwatts mean power before, above 0. Devices without a before go into a stratum
   *     of their own with 1 for all: there the difference is left unadjusted
   * @param milliwatts mean power since, above 0
   */
  public static PowerSums of(double priorMilliwatts, double milliwatts) {
    double x = Math.log(Checks.positive("priorMilliwatts", priorMilliwatts));
    double y = Math.log(Checks.positive("milliwatts", milliwatts));
    return new PowerSums(1, x, y, x * x, x * y, y * y);
  }

  /** The sums over the devices of both. */
  public PowerSums plus(PowerSums other) {
    return new PowerSums(
        devices + other.devices,
        sumX + other.sumX,
        sumY + other.sumY,
        sumXx + other.sumXx,
        sumXy + other.sumXy,
        sumYy + other.sumYy);
  }

  double meanX() {
    return sumX / devices;
  }

  double meanY() {
    return sumY / devices;
  }

  double squaresX() {
    return Math.max(0, sumXx - sumX * sumX / devices);
  }

  double productsXy() {
    return sumXy - sumX * sumY / devices;
  }

  double squaresY() {
    return Math.max(0, sumYy - sumY * sumY / devices);
  }
}

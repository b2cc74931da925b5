package dev.earshot.rollout.gate;

import java.util.List;

/**
 * Raw sums over the devices of one stratum, both arms together: what a partition reports so that
 * the global rates of the stratum can be formed.
 *
 * @param exposureHours sum of e in the running block
 * @param count sum of n
 * @param priorExposureHours sum of e0
 * @param priorCount sum of n0
 */
public record RateSums(
    double exposureHours, double count, double priorExposureHours, double priorCount) {

  /** Of no device. */
  public static final RateSums NONE = new RateSums(0, 0, 0, 0);

  public RateSums {
    Checks.atLeastZero("exposureHours", exposureHours);
    Checks.atLeastZero("count", count);
    Checks.atLeastZero("priorExposureHours", priorExposureHours);
    Checks.atLeastZero("priorCount", priorCount);
  }

  /** Sums over {@code devices}, the same whatever their order. */
  public static RateSums of(Iterable<DeviceCounts> devices) {
    RateAdder adder = new RateAdder();
    devices.forEach(adder::add);
    return adder.sums();
  }

  /** The sums over the devices of both. */
  public RateSums plus(RateSums other) {
    return new RateSums(
        exposureHours + other.exposureHours,
        count + other.count,
        priorExposureHours + other.priorExposureHours,
        priorCount + other.priorCount);
  }

  /**
   * The stratum's rates: {@code lambda0 = sum n0 / sum e0} and {@code c0 = sum n / sum e}, each 0
   * without exposure.
   *
   * @param finishedRates the rate c of every finished block, see {@link StratumRates}
   */
  public StratumRates rates(List<Double> finishedRates) {
    return new StratumRates(
        ratio(priorCount, priorExposureHours), ratio(count, exposureHours), finishedRates);
  }

  private static double ratio(double count, double exposure) {
    return exposure > 0 ? count / exposure : 0;
  }
}

package dev.earshot.rollout.gate;

/**
 * Everything that the counts gate needs from the devices of one arm in one stratum. Additive: a
 * partition ships these few numbers instead of its devices. With device exposure e, count n and
 * history (n0 events where lambda0 e0 were expected),
 *
 * <pre>
 * m = (k + n0) / (k + lambda0 e0)    how much noisier than average this device was
 * M = m e (treated ? theta0 : 1)     its exposure in units of an average device under the null
 * w = 1 / (1 + c0 M / (k + n0))      weight: inverse of its relative variance
 * </pre>
 *
 * (negative-binomial score with an empirical-Bayes offset; cf. Muetze, Glimm, Schmidli and Friede,
 * "Group sequential designs for negative binomial outcomes", 2018.)
 *
 * @param devices number of devices, with or without exposure
 * @param exposureHours sum of e
 * @param count sum of n
 * @param historyCount sum of n0, prior and finished blocks
 * @param wM sum of w M
 * @param wn sum of w n
 * @param w2n2 sum of w^2 n^2
 * @param w2nM sum of w^2 n M
 * @param w2M2 sum of w^2 M^2
 */
public record ArmSums(
    long devices,
    double exposureHours,
    double count,
    double historyCount,
    double wM,
    double wn,
    double w2n2,
    double w2nM,
    double w2M2) {

  /** Of no device. */
  public static final ArmSums NONE = new ArmSums(0, 0, 0, 0, 0, 0, 0, 0, 0);

  public ArmSums {
    Checks.atLeastZero("devices", devices);
    Checks.atLeastZero("exposureHours", exposureHours);
    Checks.atLeastZero("count", count);
    Checks.atLeastZero("historyCount", historyCount);
    Checks.atLeastZero("wM", wM);
    Checks.atLeastZero("wn", wn);
    Checks.atLeastZero("w2n2", w2n2);
    Checks.atLeastZero("w2nM", w2nM);
    Checks.atLeastZero("w2M2", w2M2);
  }

  /** The sums over {@code devices}, all of one stratum and one arm; the same in any order. */
  public static ArmSums of(
      Iterable<DeviceCounts> devices,
      boolean treated,
      StratumRates rates,
      CountsSettings settings) {
    ArmAdder adder = new ArmAdder(treated, rates, settings);
    devices.forEach(adder::add);
    return adder.sums();
  }

  /** The sums over the devices of both; both must come from the same rates and settings. */
  public ArmSums plus(ArmSums other) {
    return new ArmSums(
        devices + other.devices,
        exposureHours + other.exposureHours,
        count + other.count,
        historyCount + other.historyCount,
        wM + other.wM,
        wn + other.wn,
        w2n2 + other.w2n2,
        w2nM + other.w2nM,
        w2M2 + other.w2M2);
  }

  /** Events per exposure hour, 0 without exposure: for people to read, not for the test. */
  public double rate() {
    return exposureHours > 0 ? count / exposureHours : 0;
  }

  /**
   * {@code n/(n-1) sum w^2 (n - c M)^2}: the spread of the weighted residuals in this arm, with
   * Bessel's correction. Needs two devices.
   */
  double residualSquares(double c) {
    double squares = w2n2 - 2 * c * w2nM + c * c * w2M2;
    return Math.max(squares, 0) * devices / (devices - 1);
  }
}

package dev.earshot.rollout.gate;

/**
 * Which question a {@link CountsGate} asks, and its working parameters.
 *
 * @param theta0 rate ratio (treated over control) under the null hypothesis. 1 asks "is the release
 *     worse?" (harm); {@code 1 + margin} asks "is it worse by less than the margin?"
 *     (non-inferiority). At least 1
 * @param shape working shape k of the gamma distribution by which devices differ; above 0. Affects
 *     power only, not validity: 1 served true shapes from 0.3 to 3
 * @param tau scale of the log rate ratios betted on, above 0
 */
public record CountsSettings(double theta0, double shape, double tau) {
  /** k = 1: exponential spread of rates over devices. */
  public static final double DEFAULT_SHAPE = 1;

  /** Log rate ratios of some 0.4: most power between +20 % and +100 %. */
  public static final double DEFAULT_TAU = 0.4;

  public CountsSettings {
    if (!(theta0 >= 1 && theta0 < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "theta0: " + theta0 + " (expected: 1 for harm, 1 + margin for non-inferiority)");
    }
    Checks.positive("shape", shape);
    Checks.positive("tau", tau);
  }

  /** Is the release worse? */
  public static CountsSettings harm() {
    return new CountsSettings(1, DEFAULT_SHAPE, DEFAULT_TAU);
  }

  /**
   * Is the release at most {@code margin} worse?
   *
   * @param margin 0.25 tolerates a quarter more events; above 0
   */
  public static CountsSettings nonInferiority(double margin) {
    return new CountsSettings(1 + Checks.positive("margin", margin), DEFAULT_SHAPE, DEFAULT_TAU);
  }

  /** Whether evidence is sought that the ratio is below theta0 (else: above it). */
  public boolean asksNonInferiority() {
    return theta0 > 1;
  }
}

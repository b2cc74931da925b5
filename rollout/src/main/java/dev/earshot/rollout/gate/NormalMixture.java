package dev.earshot.rollout.gate;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * The half-normal mixture e-value of a score {@code S} with information {@code J}: what a bettor
 * holds who spread one unit over positive effects {@code delta} with density {@code 2/tau
 * phi(delta/tau)} and against each effect gains {@code exp(delta S - delta^2 J / 2)}.
 *
 * <pre>
 * ln e = 1/2 ln(4 rho/(J + rho)) + S^2/(2 (J + rho)) + ln Phi(S/sqrt(J + rho)),   rho = 1/tau^2
 * </pre>
 *
 * Source: the one-sided normal mixture of Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform,
 * nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021), proposition
 * 6. When {@code S} is a Brownian motion on the clock {@code J}, {@code e} is a martingale of mean
 * one.
 *
 * @param tau scale of the effects betted on, in units of the effect (log rate ratio, log power);
 *     above 0
 */
public record NormalMixture(double tau) {
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double LN_2 = Math.log(2);

  public NormalMixture {
    Checks.positive("tau", tau);
  }

  /**
   * ln e. Zero information gives 0 (e = 1). Accurate to a few units in the last place of the
   * largest term; for {@code S} far below zero the square and ln Phi cancel analytically instead of
   * numerically.
   *
   * @param s score, positive in the direction that the bet is on; finite
   * @param j information, at least 0
   */
  public double logE(double s, double j) {
    Checks.finite("S", s);
    Checks.atLeastZero("J", j);
    if (j == 0) {
      return 0;
    }
    double rho = 1 / (tau * tau);
    return logScale(j, rho) + bend(s / Math.sqrt(j + rho));
  }

  /**
   * The score at which {@code ln e} reaches {@code logThreshold}: the alarm boundary s*(J).
   *
   * @param j information, above 0
   * @param logThreshold ln(1/alpha), at least 0
   */
  public double boundary(double j, double logThreshold) {
    Checks.positive("J", j);
    Checks.atLeastZero("logThreshold", logThreshold);
    double rho = 1 / (tau * tau);
    double target = logThreshold - logScale(j, rho);
    // bend is increasing and convex and at least z^2/2 - ln 2 for z >= 0: Newton from there
    // descends to the root without overshooting.
    double z = Math.sqrt(2 * (target + LN_2));
    for (int i = 0; i < 64; i++) {
      double step = (bend(z) - target) / (z + inverseMills(z));
      z -= step;
      if (Math.abs(step) <= 1e-15 * Math.abs(z)) {
        break;
      }
    }
    return z * Math.sqrt(j + rho);
  }

  /** ln Phi(z), the standard normal distribution function, in relative precision in both tails. */
  static double logPhi(double z) {
    return z < -1
        ? Math.log(Erfcx.value(-z / SQRT_2) / 2) - z * z / 2
        : Math.log1p(-Erfc.value(z / SQRT_2) / 2);
  }

  private static double logScale(double j, double rho) {
    return 0.5 * Math.log(4 * rho / (j + rho));
  }

  /** z^2/2 + ln Phi(z). */
  private static double bend(double z) {
    return z < -1 ? Math.log(Erfcx.value(-z / SQRT_2) / 2) : z * z / 2 + logPhi(z);
  }

  /** phi(z)/Phi(z) = sqrt(2/pi) / erfcx(-z/sqrt 2). */
  private static double inverseMills(double z) {
    return Math.sqrt(2 / Math.PI) / Erfcx.value(-z / SQRT_2);
  }
}

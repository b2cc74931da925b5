package dev.earshot.rollout.gate;

/**
 * What the data say about one log rate ratio, in numbers that anyone can recompute.
 *
 * @param u score
 * @param a model information
 * @param v variance of the score, at least {@code a}
 * @param s {@code U A / V}, the score on the information clock
 * @param j {@code A^2 / V}, the information
 * @param psi {@code U / A}, the estimated log of (rate ratio / theta0); NaN without information
 * @param z {@code U / sqrt V}; NaN without information
 * @param logE ln e before the guard; evidence for harm, or for non-inferiority when that is asked
 * @param guard whether there is enough information (and devices) for {@code logE} to count
 */
public record Evidence(
    double u,
    double a,
    double v,
    double s,
    double j,
    double psi,
    double z,
    double logE,
    boolean guard) {

  /** Model information below which the normal approximation is not trusted and e counts as 1. */
  public static final double MIN_INFORMATION = 8;

  /** The evidence in {@code score} for the question that {@code settings} asks. */
  public static Evidence of(CountsScore score, CountsSettings settings) {
    double u = score.u();
    double a = score.a();
    double v = score.v();
    boolean guard = a >= MIN_INFORMATION && score.devicesSuffice();
    if (!(v > 0)) {
      return new Evidence(u, a, v, 0, 0, Double.NaN, Double.NaN, 0, false);
    }
    double s = u * a / v;
    double j = a * a / v;
    double towards = settings.asksNonInferiority() ? -s : s;
    double logE = new NormalMixture(settings.tau()).logE(towards, j);
    return new Evidence(u, a, v, s, j, a > 0 ? u / a : Double.NaN, u / Math.sqrt(v), logE, guard);
  }

  /** ln e as it counts: 0 until the guard is passed. */
  public double guardedLogE() {
    return guard ? logE : 0;
  }
}

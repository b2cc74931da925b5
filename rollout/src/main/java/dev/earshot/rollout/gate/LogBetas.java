package dev.earshot.rollout.gate;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/** Tails of the beta distribution by logarithms, where the tails themselves underflow. */
final class LogBetas {
  private static final int MAX_TERMS = 1_000_000;
  private static final double TINY = 1e-300;

  private LogBetas() {}

  /**
   * ln P(X &gt; p) for X ~ Beta(a, b), in relative precision of the probability in both tails.
   *
   * @param p between 0 and 1, exclusive
   */
  static double logSurvival(double p, double a, double b) {
    // P(X > p) = I_q(b, a), q = 1 - p. The fraction converges fast for q below the mean b/(a+b)
    // of 1 - X, which is where the probability may be tiny; above, one minus the other tail is
    // safe.
    double q = 1 - p;
    return q < (b + 1) / (a + b + 2)
        ? logFraction(q, p, b, a)
        : Math.log1p(-RegularizedBeta.value(p, a, b));
  }

  /**
   * ln I_x(a, b) by the continued fraction of NIST DLMF 8.17.22, evaluated with Lentz's method
   * (Thompson and Barnett 1986); some sqrt(max(a, b)) terms for {@code x < (a+1)/(a+b+2)}.
   *
   * @param y 1 - x, passed so that it keeps its precision
   */
  private static double logFraction(double x, double y, double a, double b) {
    double c = 1;
    double d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double f = d;
    for (int m = 1; m < MAX_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / notZero(1 + even * d);
      c = notZero(1 + even / c);
      f *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / notZero(1 + odd * d);
      c = notZero(1 + odd / c);
      double step = d * c;
      f *= step;
      if (Math.abs(step - 1) < 2e-16) {
        break;
      }
    }
    return a * Math.log(x) + b * Math.log(y) - Math.log(a) - LogBeta.value(a, b) + Math.log(f);
  }

  private static double notZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}

package dev.earshot.rollout.gate;

/**
 * Do treated devices draw more power? Compares the logarithm of each device's mean power between
 * arms, adjusted by what the device drew before.
 *
 * <pre>
 * b       = (Sxy_T + Sxy_C)/(Sxx_T + Sxx_C)                       slope within arms
 * Delta_s = (ybar_T - ybar_C) - b (xbar_T - xbar_C)
 * v_s     = sum_a s_a^2/n_a + (xbar_T - xbar_C)^2 s^2/Sxx
 * S = sum Delta_s/v_s;  J = sum 1/v_s;  e = mixture(S, J), tau = 0.05
 * </pre>
 *
 * {@code s_a^2} is the residual variance of arm a (arms may differ), {@code s^2} that of both. A
 * stratum with fewer than {@value CountsScore#MIN_DEVICES} devices in an arm is left out. Variance
 * is never taken below that of devices which differ by half a percent, what a fuel gauge resolves:
 * identical readings are a matter of resolution, not certainty.
 *
 * <p>Sources: analysis of covariance, Fisher (1932), in the arm-wise variance form of Lin, Annals
 * of Applied Statistics 7 (2013); mixture as in {@link NormalMixture}. Asymptotic in devices.
 *
 * @param tau scale of log power ratios betted on, above 0
 */
public record PowerGate(double tau) {
  /** Smallest standard deviation between devices, of log power, that is believed. */
  static final double RESOLUTION = 0.005;

  /** Most power around +5 %. */
  public PowerGate() {
    this(0.05);
  }

  public PowerGate {
    Checks.positive("tau", tau);
  }

  /** Evaluates all strata. */
  public PowerEvaluation evaluate(Iterable<PowerArms> strata) {
    double s = 0;
    double j = 0;
    int used = 0;
    for (PowerArms arms : strata) {
      PowerSums t = arms.treated();
      PowerSums c = arms.control();
      if (t.devices() >= CountsScore.MIN_DEVICES && c.devices() >= CountsScore.MIN_DEVICES) {
        Difference difference = Difference.of(t, c);
        s += difference.delta / difference.variance;
        j += 1 / difference.variance;
        used++;
      }
    }
    return new PowerEvaluation(s, j, new NormalMixture(tau).logE(s, j), used);
  }

  private record Difference(double delta, double variance) {
    static Difference of(PowerSums t, PowerSums c) {
      double nT = t.devices();
      double nC = c.devices();
      double sxx = t.squaresX() + c.squaresX();
      // Without spread in x (no history) there is nothing to adjust by; below 1e-9 a device it is
      // rounding.
      boolean adjust = sxx > 1e-9 * (nT + nC);
      double slope = adjust ? (t.productsXy() + c.productsXy()) / sxx : 0;
      double gap = adjust ? t.meanX() - c.meanX() : 0;
      double residualT = residual(t, slope);
      double residualC = residual(c, slope);
      double lostToSlope = adjust ? (nT + nC - 2) / (nT + nC - 3) : 1;
      double varianceT = residualT / (nT - 1) * lostToSlope;
      double varianceC = residualC / (nC - 1) * lostToSlope;
      double both = (residualT + residualC) / (nT + nC - 3);
      double variance = varianceT / nT + varianceC / nC + (adjust ? gap * gap * both / sxx : 0);
      double floor = RESOLUTION * RESOLUTION * (1 / nT + 1 / nC);
      return new Difference(t.meanY() - c.meanY() - slope * gap, Math.max(variance, floor));
    }

    private static double residual(PowerSums sums, double slope) {
      return Math.max(
          0, sums.squaresY() - 2 * slope * sums.productsXy() + slope * slope * sums.squaresX());
    }
  }
}

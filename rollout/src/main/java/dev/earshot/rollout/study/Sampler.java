package dev.earshot.rollout.study;

import java.util.SplittableRandom;

/** Random variates from one seed. Not thread-safe; one per simulated rollout. */
public final class Sampler {
  /** Poisson counts are drawn in parts of at most this mean, so that exp(-mean) stays precise. */
  private static final double POISSON_PART = 30;

  private final SplittableRandom random;

  /** The same seed gives the same variates. */
  public Sampler(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Uniform in [0, 1). */
  public double uniform() {
    return random.nextDouble();
  }

  /** Uniform in 0..bound-1. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** Standard normal. */
  public double gaussian() {
    return random.nextGaussian();
  }

  /**
   * Gamma with scale one. Marsaglia and Tsang, "A simple method for generating gamma variables",
   * ACM TOMS 26 (2000); shapes below one by their boost U^(1/shape).
   */
  public double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * Math.pow(1 - uniform(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = gaussian();
      double v = 1 + c * x;
      if (v > 0) {
        double cube = v * v * v;
        if (Math.log(1 - uniform()) < 0.5 * x * x + d - d * cube + d * Math.log(cube)) {
          return d * cube;
        }
      }
    }
  }

  /** Poisson, by multiplication of uniforms (Knuth). */
  public int poisson(double mean) {
    int count = 0;
    double left = mean;
    while (left > 0) {
      double limit = Math.exp(-Math.min(left, POISSON_PART));
      for (double product = uniform(); product > limit; product *= uniform()) {
        count++;
      }
      left -= POISSON_PART;
    }
    return count;
  }

  /** Geometric on 1, 2, ... with the given mean (at least 1). */
  public int geometric(double mean) {
    return mean <= 1 ? 1 : 1 + (int) (Math.log(1 - uniform()) / Math.log1p(-1 / mean));
  }
}

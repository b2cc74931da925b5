package dev.earshot.simulator.world;

import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Draws from the distributions that the world needs. */
final class Draws {
  /**
   * From this variance on, a binomial is drawn as a rounded normal; its skewness is then below 0.2.
   */
  private static final double NORMAL_FROM_VARIANCE = 25;

  private Draws() {}

  /**
   * Gamma with that shape and mean 1 (Marsaglia and Tsang: A Simple Method for Generating Gamma
   * Variables, 2000; shapes below 1 by their boost).
   */
  static double gammaWithMeanOne(RandomGenerator random, double shape) {
    if (shape < 1) {
      double boost = StrictMath.pow(random.nextDouble(), 1 / shape);
      return gamma(random, shape + 1) * boost / shape;
    }
    return gamma(random, shape) / shape;
  }

  private static double gamma(RandomGenerator random, double shape) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double cube = 1 + c * x;
      double v = cube * cube * cube;
      if (v > 0
          && StrictMath.log(1 - random.nextDouble())
              < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
        return d * v;
      }
    }
  }

  /**
   * How many of {@code trials} succeed. Exact (waiting times, Devroye 1986, X.4.3) while the
   * variance is below 25, beyond that a rounded normal.
   */
  static long binomial(RandomGenerator random, long trials, double probability) {
    if (trials <= 0 || probability <= 0) {
      return 0;
    }
    if (probability >= 1) {
      return trials;
    }
    if (probability > 0.5) {
      return trials - binomial(random, trials, 1 - probability);
    }
    double variance = trials * probability * (1 - probability);
    if (variance >= NORMAL_FROM_VARIANCE) {
      long drawn = Math.round(trials * probability + Math.sqrt(variance) * random.nextGaussian());
      return Math.clamp(drawn, 0, trials);
    }
    return byWaitingTimes(random, trials, probability);
  }

  private static long byWaitingTimes(RandomGenerator random, long trials, double probability) {
    double logMiss = StrictMath.log1p(-probability);
    long successes = 0;
    double position = 0;
    while (true) {
      position += Math.floor(StrictMath.log(1 - random.nextDouble()) / logMiss) + 1;
      if (position > trials) {
        return successes;
      }
      successes++;
    }
  }

  /**
   * Spreads {@code trials} over buckets with those probabilities (sum 1), adding to {@code into}.
   */
  static void multinomial(
      RandomGenerator random, long trials, double[] probabilities, long[] into) {
    long left = trials;
    double share = 1;
    for (int bucket = 0; bucket < probabilities.length && left > 0; bucket++) {
      double probability = probabilities[bucket];
      if (probability <= 0) {
        continue;
      }
      long drawn = binomial(random, left, Math.min(1, probability / share));
      into[bucket] += drawn;
      left -= drawn;
      share = Math.max(share - probability, Double.MIN_NORMAL);
    }
    if (left > 0) {
      // Rounding left a last crumb: it belongs to the last bucket that can hold anything.
      for (int bucket = probabilities.length - 1; bucket >= 0; bucket--) {
        if (probabilities[bucket] > 0) {
          into[bucket] += left;
          return;
        }
      }
    }
  }

  /** One bucket, by those probabilities (sum 1); empty when all are 0. */
  static OptionalInt categorical(RandomGenerator random, double[] probabilities) {
    double at = random.nextDouble();
    OptionalInt last = OptionalInt.empty();
    for (int bucket = 0; bucket < probabilities.length; bucket++) {
      if (probabilities[bucket] > 0) {
        last = OptionalInt.of(bucket);
        at -= probabilities[bucket];
        if (at < 0) {
          return last;
        }
      }
    }
    return last;
  }
}

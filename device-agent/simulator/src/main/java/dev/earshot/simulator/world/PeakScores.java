package dev.earshot.simulator.world;

import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import java.util.random.RandomGenerator;

/**
 * How high the events of one kind rise: a weight for each int8 score, as a release's trade-off
 * between false accepts and misses gives it. What wakes at one threshold and no longer at the next
 * has its peak between the two. Immutable, shared by every device.
 */
final class PeakScores {
  private static final int LOWEST = Byte.MIN_VALUE;
  private static final int HIGHEST = Byte.MAX_VALUE;
  private static final int SCORES = HIGHEST - LOWEST + 1;

  /** Weight of all scores up to and with {@code LOWEST + k}. */
  private final double[] upTo;

  private PeakScores(double[] upTo) {
    this.upTo = upTo;
  }

  /**
   * Of talk without the wake word: weights are events for each hour. An evaluation without a
   * trade-off says nothing but the rate at its threshold; the peaks then lie anywhere above that.
   */
  static PeakScores ofTalk(EnvironmentResult result, int thresholdScore) {
    double[] above = new double[SCORES];
    for (int score = HIGHEST - 1; score >= LOWEST; score--) {
      double rate = rateAbove(result, thresholdScore, score);
      // Very low thresholds wake less often: the refractory time is never over. A peak above a
      // threshold is above all lower ones, too.
      above[score - LOWEST] = Math.max(rate, above[score + 1 - LOWEST]);
    }
    double[] upTo = new double[SCORES];
    for (int k = 0; k < SCORES; k++) {
      upTo[k] = above[0] - above[k];
    }
    return new PeakScores(upTo);
  }

  private static double rateAbove(EnvironmentResult result, int thresholdScore, int score) {
    return result
        .at(score)
        .map(DetPoint::falseAcceptsPerHour)
        .orElseGet(
            () ->
                result.falseAcceptsPerHour()
                    * Math.min(1, (double) (HIGHEST - score) / (HIGHEST - thresholdScore)));
  }

  /**
   * Of attempts: weights sum to 1. Without a trade-off from the histogram of their peaks, evenly
   * within a bucket.
   */
  static PeakScores ofAttempts(EnvironmentResult result) {
    double[] upTo = new double[SCORES];
    double attempts = result.wakeScores().stream().mapToDouble(Long::doubleValue).sum();
    double sum = 0;
    for (int k = 0; k < SCORES - 1; k++) {
      int score = LOWEST + k;
      int bucket = Evaluation.scoreBucket(score);
      sum += attempts == 0 ? 0 : result.wakeScores().get(bucket) / attempts / 8;
      double missed = result.at(score).map(DetPoint::falseRejectRate).orElse(sum);
      upTo[k] = Math.max(missed, k == 0 ? 0 : upTo[k - 1]);
    }
    upTo[SCORES - 1] = 1;
    return new PeakScores(upTo);
  }

  /** The same with the weights up to a threshold, and those above it, multiplied. */
  PeakScores weighted(int threshold, double below, double above) {
    double[] sums = new double[SCORES];
    double sum = 0;
    for (int k = 0; k < SCORES; k++) {
      double weight = upTo[k] - (k == 0 ? 0 : upTo[k - 1]);
      sum += weight * (LOWEST + k <= threshold ? below : above);
      sums[k] = sum;
    }
    return new PeakScores(sums);
  }

  /** Weight of the scores above one and up to another, which is the higher or the same. */
  double between(int lowExclusive, int highInclusive) {
    return weightUpTo(highInclusive) - weightUpTo(lowExclusive);
  }

  /** Weight of the scores above a threshold. */
  double above(int threshold) {
    return between(threshold, HIGHEST);
  }

  /**
   * A score above one and up to another, by weight; uses one number of the stream. Where no score
   * has weight, the one next to the higher bound of what was asked for.
   */
  int draw(RandomGenerator random, int lowExclusive, int highInclusive) {
    double low = weightUpTo(lowExclusive);
    double at = low + random.nextDouble() * (weightUpTo(highInclusive) - low);
    int from = lowExclusive + 1;
    int to = highInclusive;
    while (from < to) {
      int middle = Math.floorDiv(from + to, 2);
      if (weightUpTo(middle) > at) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return Math.max(LOWEST, from);
  }

  private double weightUpTo(int score) {
    return score < LOWEST ? 0 : upTo[Math.min(score, HIGHEST) - LOWEST];
  }
}

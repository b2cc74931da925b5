package dev.earshot.cli.fleet;

import dev.earshot.ndp.detector.EventPeaks;
import java.util.ArrayList;
import java.util.List;

/**
 * The trade-off between false accepts and misses that a fleet really has, from the peaks of its
 * events. What it can say depends on the side of the running threshold:
 *
 * <ul>
 *   <li>Above it every wake was judged by the second stage, so both figures are estimates. A false
 *       accept whose peak is not known (older firmware sends none) widens the interval: it is left
 *       out at its lower end and counted at its upper.
 *   <li>Below it nobody judged what would have woken: at the least the present false accepts, at
 *       the most these and every near miss; at the most the present misses, at the least those of
 *       them whose peak is still too low. Bounds, no estimates.
 * </ul>
 *
 * Misses are a proxy everywhere: those that somebody repeated with success, against those and the
 * confirmed wakes. Who gave up is in neither.
 *
 * @param scores what was counted
 * @param runningThreshold of the release that counted it
 */
record FieldTradeOff(FieldScores scores, int runningThreshold) {
  private static final int BUCKET = 8;

  /** How a point came about. */
  enum Kind {
    /** Below the running threshold. */
    BOUNDED,
    /** The running threshold itself. */
    RUNNING,
    /** Above it. */
    ESTIMATED
  }

  /**
   * What a threshold would give.
   *
   * @param falseAcceptsPerHour of listening
   * @param missShare of the attempts that can be seen in the field, 0 to 1
   */
  record Point(int thresholdScore, Kind kind, Reading falseAcceptsPerHour, Reading missShare) {}

  /**
   * Whether the histograms can say something about a threshold: it is the running one, or the upper
   * edge of a bucket of 8 scores, and no near miss is too low to be reported.
   */
  static boolean isCandidate(int threshold, int runningThreshold) {
    return threshold == runningThreshold
        || (threshold >= Math.min(EventPeaks.FLOOR, runningThreshold)
            && threshold < Byte.MAX_VALUE
            && Math.floorMod(threshold + 1, BUCKET) == 0);
  }

  /** Every threshold that the histograms can say something about, ascending. */
  List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int threshold = Byte.MIN_VALUE; threshold <= Byte.MAX_VALUE; threshold++) {
      if (isCandidate(threshold, runningThreshold)) {
        points.add(at(threshold));
      }
    }
    return points;
  }

  /** What that threshold would give. */
  Point at(int threshold) {
    if (!isCandidate(threshold, runningThreshold)) {
      throw new IllegalArgumentException(
          "threshold: "
              + threshold
              + " (expected: "
              + runningThreshold
              + ", or the upper edge of a bucket of 8 scores from -1 to 119, such as "
              + (Math.clamp(threshold, 0, 119) | BUCKET - 1)
              + ")");
    }
    if (threshold == runningThreshold) {
      return new Point(threshold, Kind.RUNNING, rate(scores.falseAccepts()), misses(threshold));
    }
    return threshold > runningThreshold ? above(threshold) : below(threshold);
  }

  private Point above(int threshold) {
    long known = FieldScores.above(scores.falseAcceptScores(), threshold);
    long unknown = scores.falseAccepts() - FieldScores.sum(scores.falseAcceptScores());
    Reading low = rate(known);
    Reading falseAccepts =
        unknown == 0 ? low : Reading.bounded(low.low(), rate(known + unknown).high());
    return new Point(threshold, Kind.ESTIMATED, falseAccepts, misses(threshold));
  }

  private Point below(int threshold) {
    long woken = FieldScores.above(scores.nearMissScores(), threshold);
    long heard = FieldScores.above(scores.suspectedFalseRejectScores(), threshold);
    long suspected = FieldScores.sum(scores.suspectedFalseRejectScores());
    return new Point(
        threshold,
        Kind.BOUNDED,
        Reading.bounded(
            rate(scores.falseAccepts()).low(),
            rate(scores.falseAccepts() + woken + heard).high()),
        Reading.bounded(
            ExactIntervals.share(suspected - heard, attempts()).low(),
            ExactIntervals.share(suspected, attempts()).high()));
  }

  private Reading misses(int threshold) {
    List<Long> confirmed = scores.confirmedWakeScores();
    long lost =
        threshold == runningThreshold
            ? 0
            : FieldScores.sum(confirmed) - FieldScores.above(confirmed, threshold);
    return ExactIntervals.share(
        FieldScores.sum(scores.suspectedFalseRejectScores()) + lost, attempts());
  }

  /** Attempts whose peak is known. */
  long attempts() {
    return FieldScores.sum(scores.confirmedWakeScores())
        + FieldScores.sum(scores.suspectedFalseRejectScores());
  }

  private Reading rate(long events) {
    return ExactIntervals.ratePerHour(events, scores.listeningHours());
  }

  /**
   * The lowest threshold, from the running one on, whose false accepts for each hour are at most
   * that many even at the upper end of the interval.
   */
  Point lowestWithFalseAcceptsAtMost(double perHour) {
    return points().stream()
        .filter(point -> point.thresholdScore() >= runningThreshold)
        .filter(point -> point.falseAcceptsPerHour().high() <= perHour)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "target-fah: "
                        + perHour
                        + " (expected: at least "
                        + at(highest()).falseAcceptsPerHour().high()
                        + ", the upper end at threshold "
                        + highest()
                        + " after "
                        + scores.listeningHours()
                        + " h; listen longer)"));
  }

  /**
   * The highest threshold, from the running one on, that misses at most that share even at the
   * upper end of the interval.
   */
  Point highestWithMissesAtMost(double share) {
    return points().stream()
        .filter(point -> point.thresholdScore() >= runningThreshold)
        .filter(point -> point.missShare().high() <= share)
        .reduce((lower, higher) -> higher)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "target-miss: "
                        + share
                        + " (expected: at least "
                        + at(runningThreshold).missShare().high()
                        + ", the upper end at the running threshold "
                        + runningThreshold
                        + "; what a lower one would miss nobody in the field can say)"));
  }

  private int highest() {
    return Math.max(runningThreshold, Byte.MAX_VALUE - BUCKET);
  }
}

package dev.earshot.cli.fleet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.earshot.protocol.release.Evaluation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a fleet counted in one environment with one release, as monitoring tells it. Histograms have
 * 32 buckets of 8 scores and count peaks of the smoothed score.
 *
 * @param environment its label, or {@code total}
 * @param listeningHours exposure of all counts
 * @param wakes detections
 * @param falseAccepts wakes that the second stage rejected
 * @param suspectedFalseRejects misses that somebody repeated with success
 * @param confirmedWakeScores of wakes that it confirmed
 * @param falseAcceptScores of wakes that it rejected
 * @param suspectedFalseRejectScores of the suspected misses
 * @param nearMissScores of what woke nobody and was not repeated; nobody verified it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record FieldScores(
    String environment,
    double listeningHours,
    long wakes,
    long falseAccepts,
    long suspectedFalseRejects,
    List<Long> confirmedWakeScores,
    List<Long> falseAcceptScores,
    List<Long> suspectedFalseRejectScores,
    List<Long> nearMissScores) {

  FieldScores {
    confirmedWakeScores = buckets("confirmedWakeScores", confirmedWakeScores);
    falseAcceptScores = buckets("falseAcceptScores", falseAcceptScores);
    suspectedFalseRejectScores =
        buckets("suspectedFalseRejectScores", suspectedFalseRejectScores);
    nearMissScores = buckets("nearMissScores", nearMissScores);
    if (sum(falseAcceptScores) > falseAccepts) {
      throw new IllegalArgumentException(
          environment
              + ".falseAcceptScores: they add up to "
              + sum(falseAcceptScores)
              + " (expected: at most falseAccepts, "
              + falseAccepts
              + ")");
    }
  }

  private static List<Long> buckets(String field, List<Long> counts) {
    if (counts == null || counts.isEmpty()) {
      return Collections.nCopies(Evaluation.SCORE_BUCKETS, 0L);
    }
    if (counts.size() != Evaluation.SCORE_BUCKETS) {
      throw new IllegalArgumentException(
          field + ": " + counts.size() + " buckets (expected: 32, or none)");
    }
    return List.copyOf(counts);
  }

  /** All environments together, weighed as the fleet listens in them. */
  static FieldScores total(List<FieldScores> environments) {
    FieldScores total =
        new FieldScores("total", 0, 0, 0, 0, List.of(), List.of(), List.of(), List.of());
    for (FieldScores one : environments) {
      total =
          new FieldScores(
              "total",
              total.listeningHours + one.listeningHours,
              total.wakes + one.wakes,
              total.falseAccepts + one.falseAccepts,
              total.suspectedFalseRejects + one.suspectedFalseRejects,
              added(total.confirmedWakeScores, one.confirmedWakeScores),
              added(total.falseAcceptScores, one.falseAcceptScores),
              added(total.suspectedFalseRejectScores, one.suspectedFalseRejectScores),
              added(total.nearMissScores, one.nearMissScores));
    }
    return total;
  }

  private static List<Long> added(List<Long> left, List<Long> right) {
    List<Long> sum = new ArrayList<>();
    IntStream.range(0, left.size()).forEach(i -> sum.add(left.get(i) + right.get(i)));
    return sum;
  }

  static long sum(List<Long> buckets) {
    return buckets.stream().mapToLong(Long::longValue).sum();
  }

  /** How many peaks are above a threshold that is the upper edge of a bucket. */
  static long above(List<Long> buckets, int edge) {
    return buckets.stream()
        .skip(edge >= Byte.MAX_VALUE ? buckets.size() : Evaluation.scoreBucket(edge + 1))
        .mapToLong(Long::longValue)
        .sum();
  }
}

package dev.earshot.cli.bench.mlperf;

import java.util.List;

/**
 * What was heard in one recording.
 *
 * @param recording its name
 * @param seconds its length
 * @param script by the rule of the benchmark's evaluation script
 * @param runner by the rule of the benchmark's runner, which submissions are counted by
 */
record WakeCounts(String recording, double seconds, Count script, Count runner) {
  /** Of the benchmark's recording; shorter ones can't decide its target. */
  private static final double BENCHMARK_SECONDS = 20 * 60;

  /** Most false positives, and most false negatives, in those 20 minutes. */
  private static final int MOST = 8;

  /**
   * Counts by one rule.
   *
   * @param truePositives words that were heard
   * @param falseNegatives words that were not
   * @param falsePositives wakes without a word
   */
  record Count(int truePositives, int falseNegatives, int falsePositives) {
    boolean withinTarget() {
      return falseNegatives <= MOST && falsePositives <= MOST;
    }

    Count and(Count other) {
      return new Count(
          truePositives + other.truePositives,
          falseNegatives + other.falseNegatives,
          falsePositives + other.falsePositives);
    }

    String text() {
      return "TP/FN/FP " + truePositives + "/" + falseNegatives + "/" + falsePositives;
    }
  }

  static WakeCounts of(Recording recording, List<Integer> detections) {
    return new WakeCounts(
        recording.name(),
        recording.seconds(),
        WakeRule.EVALUATION_SCRIPT.count(recording, detections),
        WakeRule.RUNNER.count(recording, detections));
  }

  /** Whether it is as long as the benchmark's. */
  boolean isWholeBenchmark() {
    return seconds >= 0.99 * BENCHMARK_SECONDS;
  }
}

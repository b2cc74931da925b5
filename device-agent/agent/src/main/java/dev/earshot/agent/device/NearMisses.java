package dev.earshot.agent.device;

import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Peaks below the threshold, and which of them were probably somebody who was not heard: those that
 * a wake follows soon. Until it is too late for that, a peak is reported as neither. Runs on the
 * agent's thread.
 */
final class NearMisses {
  /**
   * How soon after a miss somebody says it again: our own choice. Longer would call other people's
   * talk a miss, shorter would overlook people who wait for an answer.
   */
  static final int RETRY_MILLIS = 6000;

  private final Deque<Peak> recent = new ArrayDeque<>();
  private final int[] suspected = new int[Evaluation.SCORE_BUCKETS];
  private final int[] unrepeated = new int[Evaluation.SCORE_BUCKETS];

  private record Peak(long atMillis, int bucket) {}

  /** An event ended without a wake. Audio times do not decrease. */
  void missed(int score, long atMillis) {
    recent.addLast(new Peak(atMillis, Evaluation.scoreBucket(score)));
    settle(atMillis);
  }

  /** The device woke: what was missed just before was meant. */
  void wake(long atMillis) {
    settle(atMillis);
    recent.forEach(peak -> suspected[peak.bucket()]++);
    recent.clear();
  }

  /** Writes what is settled at that audio time, and starts anew. */
  void drain(long nowMillis, Heartbeat.Builder into) {
    settle(nowMillis);
    into.setSuspectedFalseRejects(Arrays.stream(suspected).sum());
    if (into.getSuspectedFalseRejects() > 0) {
      Arrays.stream(suspected).forEach(into::addSuspectedFalseRejectScores);
    }
    if (Arrays.stream(unrepeated).anyMatch(count -> count > 0)) {
      Arrays.stream(unrepeated).forEach(into::addNearMissScores);
    }
    Arrays.fill(suspected, 0);
    Arrays.fill(unrepeated, 0);
  }

  private void settle(long nowMillis) {
    for (Peak oldest = recent.peekFirst();
        oldest != null && nowMillis - oldest.atMillis() > RETRY_MILLIS;
        oldest = recent.peekFirst()) {
      unrepeated[oldest.bucket()]++;
      recent.removeFirst();
    }
  }
}

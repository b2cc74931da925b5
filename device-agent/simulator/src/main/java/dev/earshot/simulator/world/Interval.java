package dev.earshot.simulator.world;

import dev.earshot.protocol.release.Evaluation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a device since somebody last looked: filled by {@link Acoustics} and {@link
 * Battery}, read and cleared by the device. Not thread-safe.
 */
public final class Interval {
  long listeningMillis;
  int wakes;
  int falseAccepts;
  int wakeAttempts;
  int missedWakes;
  int suspectedFalseRejects;
  long inferences;
  long chipMicrojoules;
  double socDropPercent;
  long dischargeMillis;
  int latencyBucket;
  final long[] scores = new long[Evaluation.SCORE_BUCKETS];

  /** Of each kind 32 buckets; null while nothing happens, as for most devices most of the time. */
  private int @Nullable [] peaks;

  /** What an event was, as far as a device can know. */
  public enum Peak {
    /** A wake that the second stage confirmed. */
    CONFIRMED_WAKE,
    /** A wake that it rejected. */
    FALSE_ACCEPT,
    /** No wake, but it was said again with success. */
    SUSPECTED_FALSE_REJECT,
    /** No wake, and nobody said it again. */
    NEAR_MISS
  }

  /** Time that the detector was listening. */
  public long listeningMillis() {
    return listeningMillis;
  }

  /** Detections, right or wrong. */
  public int wakes() {
    return wakes;
  }

  /** Detections without the wake word. */
  public int falseAccepts() {
    return falseAccepts;
  }

  /** How often the wake word was said, repetitions included. */
  public int wakeAttempts() {
    return wakeAttempts;
  }

  /** How often it was said in vain. No device can know. */
  public int missedWakes() {
    return missedWakes;
  }

  /** Misses that the device suspects, because a repetition succeeded. */
  public int suspectedFalseRejects() {
    return suspectedFalseRejects;
  }

  /** Inferences made. */
  public long inferences() {
    return inferences;
  }

  /** Energy that the chip used, microjoules. */
  public long chipMicrojoules() {
    return chipMicrojoules;
  }

  /** Bucket of the heartbeat's latency histogram that all these inferences belong to. */
  public int latencyBucket() {
    return latencyBucket;
  }

  /** Charge lost while discharging, percent. */
  public double socDropPercent() {
    return socDropPercent;
  }

  /** Time on battery. */
  public long dischargeMillis() {
    return dischargeMillis;
  }

  /** How many inferences scored in that bucket, 0 to 31. */
  public long score(int bucket) {
    return scores[bucket];
  }

  /** Peak scores of the events of a kind, 32 buckets; an empty list when there were none. */
  public List<Integer> peaks(Peak kind) {
    int[] counted = peaks;
    if (counted == null) {
      return List.of();
    }
    int from = kind.ordinal() * Evaluation.SCORE_BUCKETS;
    List<Integer> buckets =
        Arrays.stream(counted, from, from + Evaluation.SCORE_BUCKETS).boxed().toList();
    return buckets.stream().allMatch(count -> count == 0) ? List.of() : buckets;
  }

  void peak(Peak kind, int score) {
    int[] counted = peaks;
    if (counted == null) {
      counted = new int[Peak.values().length * Evaluation.SCORE_BUCKETS];
      peaks = counted;
    }
    counted[kind.ordinal() * Evaluation.SCORE_BUCKETS + Evaluation.scoreBucket(score)]++;
  }

  /** A wake that nobody meant. */
  void falseAccept(int peak) {
    falseAccepts++;
    wakes++;
    peak(Peak.FALSE_ACCEPT, peak);
  }

  /** An event that woke nobody, if it is one: its peak is above the floor. */
  void nearMiss(int peak, int floor) {
    if (peak > floor) {
      peak(Peak.NEAR_MISS, peak);
    }
  }

  /** One inference with that score. */
  void infer(int score) {
    inferences++;
    scores[Evaluation.scoreBucket(score)]++;
  }

  void clear() {
    listeningMillis = 0;
    wakes = 0;
    falseAccepts = 0;
    wakeAttempts = 0;
    missedWakes = 0;
    suspectedFalseRejects = 0;
    inferences = 0;
    chipMicrojoules = 0;
    socDropPercent = 0;
    dischargeMillis = 0;
    Arrays.fill(scores, 0);
    peaks = null;
  }
}

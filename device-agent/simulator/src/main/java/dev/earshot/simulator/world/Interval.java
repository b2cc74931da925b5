package dev.earshot.simulator.world;

import dev.earshot.protocol.release.Evaluation;
import java.util.Arrays;

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
  }
}

package dev.earshot.trainer.evaluate;

import dev.earshot.ndp.detector.Detector;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.trainer.scene.Scene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What happened in one environment so far, at every threshold at once. Tallies add up: the order in
 * which scenes are counted does not matter. Not for several threads.
 */
public final class Tally {
  private static final int THRESHOLDS = 256;
  private static final int LOWEST = -128;

  /** How long after the word a wake still belongs to it. */
  static final int GRACE_MILLIS = 1000;

  private final int smoothingFrames;
  private final int refractoryMillis;
  private final int[] falseAccepts = new int[THRESHOLDS];
  private final int[] missed = new int[THRESHOLDS];
  private final long[] negativeScores = new long[Evaluation.SCORE_BUCKETS];
  private final long[] wakeScores = new long[Evaluation.SCORE_BUCKETS];
  private int attempts;
  private long talkMillis;
  private int detectionsInTalk;

  public Tally(DetectorParameters detector) {
    this.smoothingFrames = detector.smoothingFrames();
    this.refractoryMillis = detector.refractoryMillis();
  }

  /** Counts a scene of talk; every wake in it is false. */
  void addTalk(Listening heard, long millis) {
    talkMillis += millis;
    detectionsInTalk += heard.detections().size();
    for (int i = 0; i < heard.size(); i++) {
      negativeScores[Evaluation.scoreBucket(heard.score(i))]++;
    }
    for (int t = 0; t < THRESHOLDS; t++) {
      falseAccepts[t] += wakes(heard, t).size();
    }
  }

  /** Counts a scene of wake words. */
  void addWakes(Listening heard, List<Scene.Span> words) {
    attempts += words.size();
    for (Scene.Span word : words) {
      wakeScores[Evaluation.scoreBucket(heard.peak(word, smoothingFrames))]++;
    }
    for (int t = 0; t < THRESHOLDS; t++) {
      List<Long> wakes = wakes(heard, t);
      for (Scene.Span word : words) {
        long from = Listening.millisOf(word.start());
        long to = Listening.millisOf(word.end()) + GRACE_MILLIS;
        if (wakes.stream().noneMatch(at -> at >= from && at <= to)) {
          missed[t]++;
        }
      }
    }
  }

  private List<Long> wakes(Listening heard, int threshold) {
    Detector detector =
        new Detector(
            new DetectorParameters(0, threshold + LOWEST, smoothingFrames, refractoryMillis));
    List<Long> wakes = new ArrayList<>();
    for (int i = 0; i < heard.size(); i++) {
      if (detector.accept(heard.score(i), heard.millis(i))) {
        wakes.add(heard.millis(i));
      }
    }
    return wakes;
  }

  /** Adds what another tally counted. */
  void add(Tally other) {
    attempts += other.attempts;
    talkMillis += other.talkMillis;
    detectionsInTalk += other.detectionsInTalk;
    for (int t = 0; t < THRESHOLDS; t++) {
      falseAccepts[t] += other.falseAccepts[t];
      missed[t] += other.missed[t];
    }
    for (int b = 0; b < Evaluation.SCORE_BUCKETS; b++) {
      negativeScores[b] += other.negativeScores[b];
      wakeScores[b] += other.wakeScores[b];
    }
  }

  public double hours() {
    return talkMillis / 3_600_000.0;
  }

  public int attempts() {
    return attempts;
  }

  public int falseAccepts(int threshold) {
    return falseAccepts[threshold - LOWEST];
  }

  public int missed(int threshold) {
    return missed[threshold - LOWEST];
  }

  /**
   * The record of this environment. False accepts are the wakes that the engine itself reported.
   *
   * @param threshold the one that the engine ran with
   */
  public EnvironmentResult result(String environment, int threshold) {
    if (detectionsInTalk != falseAccepts(threshold)) {
      throw new IllegalStateException(
          "the engine reported "
              + detectionsInTalk
              + " wakes, its scores give "
              + falseAccepts(threshold));
    }
    return new EnvironmentResult(
        environment,
        hours(),
        detectionsInTalk,
        attempts,
        missed(threshold),
        det(),
        Arrays.stream(negativeScores).boxed().toList(),
        Arrays.stream(wakeScores).boxed().toList());
  }

  /** The trade-off at every threshold where it changes: a point holds until the next one. */
  private List<DetPoint> det() {
    List<DetPoint> points = new ArrayList<>();
    for (int t = 0; t < THRESHOLDS; t++) {
      if (t == 0 || falseAccepts[t] != falseAccepts[t - 1] || missed[t] != missed[t - 1]) {
        points.add(
            new DetPoint(
                t + LOWEST,
                falseAccepts[t] / Math.max(hours(), 1e-9),
                (double) missed[t] / Math.max(1, attempts)));
      }
    }
    return points;
  }
}

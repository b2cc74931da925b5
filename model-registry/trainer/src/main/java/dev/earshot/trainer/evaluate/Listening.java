package dev.earshot.trainer.evaluate;

import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.scene.Scene;
import dev.earshot.trainer.scene.WindowSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the engine said while it heard one scene: every score and every wake. */
final class Listening implements DetectionSink {
  private final List<Detection> detections = new ArrayList<>();
  private byte[] scores = new byte[2048];
  private long firstFrame = -1;
  private int size;

  @Override
  public void onScore(long frameIndex, int score) {
    if (firstFrame < 0) {
      firstFrame = frameIndex;
    }
    if (size == scores.length) {
      scores = Arrays.copyOf(scores, size * 2);
    }
    scores[size++] = (byte) score;
  }

  @Override
  public void onDetection(Detection detection) {
    detections.add(detection);
  }

  List<Detection> detections() {
    return detections;
  }

  int size() {
    return size;
  }

  int score(int index) {
    return scores[index];
  }

  /** When the last frame of an inference ended, as the engine tells it. */
  long millis(int index) {
    return millisOf((firstFrame + index) * WindowSet.HOP + WindowSet.FRAME);
  }

  static long millisOf(long samples) {
    return samples * 1000 / Clip.RATE;
  }

  /** The largest smoothed score while a word is spoken and in the grace time after it. */
  int peak(Scene.Span word, int smoothingFrames) {
    long from = millisOf(word.start());
    long to = millisOf(word.end()) + Tally.GRACE_MILLIS;
    int peak = Byte.MIN_VALUE;
    for (int i = smoothingFrames - 1; i < size; i++) {
      if (millis(i) >= from && millis(i) <= to) {
        int sum = 0;
        for (int k = 0; k < smoothingFrames; k++) {
          sum += scores[i - k];
        }
        peak = Math.max(peak, Math.floorDiv(sum, smoothingFrames));
      }
    }
    return peak;
  }
}

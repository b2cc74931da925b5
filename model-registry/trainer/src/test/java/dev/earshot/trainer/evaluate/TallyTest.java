package dev.earshot.trainer.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.detector.Detector;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.trainer.scene.Scene;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final DetectorParameters DETECTOR = new DetectorParameters(0, 100, 1, 1000);

  @Test
  void wakesInTalk_areFalseAccepts_atEveryThresholdBelowTheirScore() {
    Tally tally = new Tally(DETECTOR);
    tally.addTalk(heard(-128, 50, -128), 60_000);

    assertEquals(1, tally.falseAccepts(49));
    assertEquals(0, tally.falseAccepts(50));
  }

  @Test
  void wakesWithinTheRefractoryTime_areOne() {
    Tally tally = new Tally(DETECTOR);
    tally.addTalk(heard(127, 127, 127, 127), 60_000);

    assertEquals(1, tally.falseAccepts(100));
  }

  @Test
  void wordIsDetected_fromItsStartUntilASecondAfterItsEnd() {
    // Inference i ends at (29 + i) * 32 + 64 ms: the first at 992 ms, then each 32 ms.
    Scene.Span word = new Scene.Span(16_000, 17_600);

    assertEquals(1, missed(word, 0), "992 ms is before the word");
    assertEquals(0, missed(word, 1), "1024 ms is in the word");
    assertEquals(0, missed(word, 34), "2080 ms is within a second of its end");
    assertEquals(1, missed(word, 35), "2112 ms is not");
  }

  @Test
  void det_fallsInFalseAcceptsAndRisesInMisses() {
    Tally tally = new Tally(DETECTOR);
    tally.addTalk(
        heard(IntStream.range(0, 3000).map(i -> i * 7919 % 256 - 128).toArray()), 3_600_000);
    tally.addWakes(heard(-128, 20, -128), List.of(new Scene.Span(16_000, 17_000)));

    List<DetPoint> det = tally.result("car", 127).det();
    for (int i = 1; i < det.size(); i++) {
      assertTrue(det.get(i).thresholdScore() > det.get(i - 1).thresholdScore());
      assertTrue(det.get(i).falseRejectRate() >= det.get(i - 1).falseRejectRate());
    }
    assertEquals(0, det.getLast().falseAcceptsPerHour());
    assertEquals(1, det.getLast().falseRejectRate());
  }

  @Test
  void histograms_countEveryInferenceOnceAndEveryWordOnce() {
    Tally tally = new Tally(DETECTOR);
    tally.addTalk(heard(-128, -128, 127, 0), 60_000);
    tally.addWakes(heard(5, 60, 5), List.of(new Scene.Span(16_000, 17_000)));

    EnvironmentResult result = tally.result("car", 127);
    assertEquals(2, result.negativeScores().get(0));
    assertEquals(1, result.negativeScores().get(31));
    assertEquals(4, result.negativeScores().stream().mapToLong(n -> n).sum());
    assertEquals(1, result.wakeScores().get((60 + 128) / 8));
    assertEquals(1, result.wakeScores().stream().mapToLong(n -> n).sum());
  }

  @Test
  void sumOfTallies_isTheTallyOfTheWhole() {
    Tally first = new Tally(DETECTOR);
    first.addTalk(heard(-128, 127), 60_000);
    Tally second = new Tally(DETECTOR);
    second.addTalk(heard(127, -128), 120_000);

    first.add(second);

    assertEquals(2, first.falseAccepts(100));
    assertEquals(0.05, first.hours(), 1e-9);
  }

  private static int missed(Scene.Span word, int inference) {
    int[] scores = new int[inference + 1];
    java.util.Arrays.fill(scores, -128);
    scores[inference] = 127;
    Tally tally = new Tally(DETECTOR);
    tally.addWakes(heard(scores), List.of(word));
    return tally.missed(100);
  }

  /** Scores from the first full window on, and no detections (as with a threshold of 127). */
  private static Listening heard(int... scores) {
    Listening heard = new Listening();
    Detector never = new Detector(new DetectorParameters(0, 127, 1, 1000));
    for (int i = 0; i < scores.length; i++) {
      heard.onScore(29 + i, scores[i]);
      assertTrue(!never.accept(scores[i], 0));
    }
    return heard;
  }
}

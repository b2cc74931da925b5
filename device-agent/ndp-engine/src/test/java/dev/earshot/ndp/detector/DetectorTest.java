package dev.earshot.ndp.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DetectorTest {
  @Test
  void scoreAtTheThreshold_doesNotWake() {
    Detector detector = new Detector(new DetectorParameters(0, 115, 1, 0));
    assertFalse(detector.accept(115, 0));
    assertTrue(detector.accept(116, 32));
  }

  @Test
  void oneHighScoreAmongLowOnes_isSmoothedAway() {
    Detector detector = new Detector(new DetectorParameters(0, 0, 3, 0));
    assertFalse(detector.accept(127, 0));
    assertFalse(detector.accept(-128, 32));
    assertFalse(detector.accept(-128, 64));
    assertEquals(-43, detector.smoothedScore());
  }

  @Test
  void threeHighScores_wakeAtTheThird() {
    Detector detector = new Detector(new DetectorParameters(0, 100, 3, 0));
    assertFalse(detector.accept(127, 0));
    assertFalse(detector.accept(127, 32));
    assertTrue(detector.accept(127, 64));
    assertEquals(127, detector.smoothedScore());
  }

  /** 127, 127 and a missing -128 would be above 0 in the mean. */
  @Test
  void highScoresBeforeTheWindowIsFull_doNotWake() {
    Detector detector = new Detector(new DetectorParameters(0, 0, 3, 0));
    assertFalse(detector.accept(127, 0));
    assertFalse(detector.accept(127, 32));
    assertEquals(-128, detector.smoothedScore());
    assertTrue(detector.accept(127, 64));
  }

  @Test
  void highScoresRightAfterAWake_areQuietUntilTheRefractoryTimeIsOver() {
    Detector detector = new Detector(new DetectorParameters(0, 0, 1, 1000));
    assertTrue(detector.accept(1, 500));
    assertFalse(detector.accept(1, 1499));
    assertTrue(detector.accept(1, 1500));
  }

  @Test
  void reset_forgetsScoresAndRefractoryTime() {
    Detector detector = new Detector(new DetectorParameters(0, 0, 1, 1000));
    assertTrue(detector.accept(1, 0));
    detector.reset();
    assertEquals(-128, detector.smoothedScore());
    assertTrue(detector.accept(1, 0));
  }

  @Test
  void parametersOutOfRange_areNamed() {
    assertEquals(
        "detector thresholdScore: 128 (expected: -128 to 127)",
        assertThrows(IllegalArgumentException.class, () -> new DetectorParameters(0, 128, 1, 1000))
            .getMessage());
    assertEquals(
        "detector smoothingFrames: 0 (expected: 1 to 256)",
        assertThrows(IllegalArgumentException.class, () -> new DetectorParameters(0, 0, 0, 1000))
            .getMessage());
  }
}

package dev.earshot.ndp.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventPeaksTest {
  private static final int REFRACTORY = 1000;
  private static final int FRAME = 32;

  private record Event(int peak, boolean woke) {}

  /** What a device with that threshold makes of scores that are a frame apart. */
  private static List<Event> events(int threshold, int smoothing, int... scores) {
    DetectorParameters parameters =
        new DetectorParameters(0, threshold, smoothing, REFRACTORY);
    Detector detector = new Detector(parameters);
    EventPeaks peaks = new EventPeaks(parameters);
    List<Event> events = new ArrayList<>();
    EventPeaks.Sink sink = (peak, woke, at) -> events.add(new Event(peak, woke));
    int at = 0;
    for (int score : scores) {
      boolean wakes = detector.accept(score, at);
      peaks.accept(detector.smoothedCeiling(), wakes, at, sink);
      at += FRAME;
    }
    peaks.finish(at, sink);
    return events;
  }

  @Test
  void riseAboveTheThreshold_isOneWakeWithItsLargestScore() {
    assertEquals(List.of(new Event(90, true)), events(50, 1, -128, 20, 60, 90, 70, 10, -128));
  }

  @Test
  void riseBelowTheThreshold_isANearMiss() {
    assertEquals(List.of(new Event(49, false)), events(50, 1, -128, 20, 49, 10, -128));
  }

  @Test
  void scoresThatNeverRise_areNoEvent() {
    assertEquals(List.of(), events(50, 1, -128, -40, -1, -128));
  }

  @Test
  void average_isRoundedUpSoThatItIsAboveAThresholdWhenItWakes() {
    // 50 1/3 wakes at threshold 50, so a peak of 50 would contradict it
    assertEquals(List.of(new Event(51, true)), events(50, 3, 50, 50, 51, -128, -128, -128));
  }

  @Test
  void lowThreshold_makesEventsDownToItself() {
    assertEquals(List.of(new Event(-60, true)), events(-70, 1, -128, -60, -90));
  }

  /** Whatever a model says, each wake has one event of its own, and only wakes have one. */
  @Test
  void randomScores_giveAsManyWokenEventsAsWakes() {
    SplittableRandom random = new SplittableRandom(5);
    for (int run = 0; run < 200; run++) {
      int threshold = random.nextInt(-20, 120);
      int[] scores = random.ints(400, -128, 128).toArray();
      Detector detector = new Detector(new DetectorParameters(0, threshold, 3, REFRACTORY));
      int wakes = 0;
      for (int i = 0; i < scores.length; i++) {
        wakes += detector.accept(scores[i], i * (long) FRAME) ? 1 : 0;
      }
      List<Event> events = events(threshold, 3, scores);
      assertEquals(wakes, events.stream().filter(Event::woke).count());
      assertEquals(
          0, events.stream().filter(event -> event.woke() != event.peak() > threshold).count());
    }
  }
}

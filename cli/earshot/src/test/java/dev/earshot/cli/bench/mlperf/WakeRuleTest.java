package dev.earshot.cli.bench.mlperf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.bench.mlperf.Recording.Word;
import dev.earshot.cli.bench.mlperf.WakeCounts.Count;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Both rules on detections at chosen times, in a recording of 20 seconds. */
class WakeRuleTest {
  private static final int SAMPLES = 20 * Recording.RATE;

  private static Recording recording(Word... words) {
    return new Recording(Path.of("test.wav"), SAMPLES, List.of(words));
  }

  /** The first inference whose window ends at that time or later. */
  private static int at(double seconds) {
    return IntStream.iterate(0, inference -> inference + 1)
        .filter(inference -> Recording.windowEnd(inference) >= seconds * Recording.RATE)
        .findFirst()
        .orElseThrow();
  }

  private static List<Integer> between(double from, double to) {
    return IntStream.range(at(from), at(to)).boxed().toList();
  }

  @Test
  void wakeInTheWord_isOneTruePositiveHoweverOften() {
    Recording recording = recording(new Word(5, 6));
    List<Integer> detections = between(5.2, 5.8);
    assertEquals(new Count(1, 0, 0), WakeRule.EVALUATION_SCRIPT.count(recording, detections));
    assertEquals(new Count(1, 0, 0), WakeRule.RUNNER.count(recording, detections));
  }

  @Test
  void nothing_isAFalseNegativeForEachWord() {
    Recording recording = recording(new Word(5, 6), new Word(10, 11));
    assertEquals(new Count(0, 2, 0), WakeRule.EVALUATION_SCRIPT.count(recording, List.of()));
    assertEquals(new Count(0, 2, 0), WakeRule.RUNNER.count(recording, List.of()));
  }

  @Test
  void wakeAfterTheWord_isHeardForHalfASecondByTheScriptAndTwoByTheRunner() {
    Recording recording = recording(new Word(5, 6));
    assertEquals(new Count(1, 0, 0), WakeRule.EVALUATION_SCRIPT.count(recording, List.of(at(6.4))));
    // Too late for the word, too early for a false one.
    assertEquals(new Count(0, 1, 0), WakeRule.EVALUATION_SCRIPT.count(recording, List.of(at(6.8))));
    assertEquals(new Count(0, 1, 1), WakeRule.EVALUATION_SCRIPT.count(recording, List.of(at(7.5))));
    assertEquals(new Count(1, 0, 0), WakeRule.RUNNER.count(recording, List.of(at(7.5))));
    assertEquals(new Count(0, 1, 1), WakeRule.RUNNER.count(recording, List.of(at(8.1))));
  }

  @Test
  void wakeBeforeTheWord_isFalse() {
    Recording recording = recording(new Word(5, 6));
    List<Integer> early = List.of(at(4.5));
    assertEquals(new Count(0, 1, 1), WakeRule.EVALUATION_SCRIPT.count(recording, early));
    assertEquals(new Count(0, 1, 1), WakeRule.RUNNER.count(recording, early));
  }

  @Test
  void falseWakesWithinASecond_countOnce() {
    Recording recording = recording();
    assertEquals(
        new Count(0, 0, 1), WakeRule.EVALUATION_SCRIPT.count(recording, between(10, 10.9)));
    assertEquals(new Count(0, 0, 1), WakeRule.RUNNER.count(recording, between(10, 10.9)));
    // Two and a half seconds of yes are three wakes.
    assertEquals(
        new Count(0, 0, 3), WakeRule.EVALUATION_SCRIPT.count(recording, between(10, 12.5)));
    assertEquals(new Count(0, 0, 3), WakeRule.RUNNER.count(recording, between(10, 12.5)));
  }

  @Test
  void pulseBetweenTwoWords_isTheFirstOnesOnlyForTheRunner() {
    Recording recording = recording(new Word(5, 6), new Word(6.2, 7));
    List<Integer> one = List.of(at(6.3));
    assertEquals(new Count(1, 1, 0), WakeRule.RUNNER.count(recording, one));
    assertEquals(new Count(2, 0, 0), WakeRule.EVALUATION_SCRIPT.count(recording, one));
  }

  @Test
  void lastAnswer_endsWithTheRecordingForTheScript() {
    Recording recording = recording(new Word(19.96, 19.99));
    int last = recording.inferences() - 1;
    assertEquals(new Count(1, 0, 0), WakeRule.EVALUATION_SCRIPT.count(recording, List.of(last)));
  }

  @Test
  void target_isDecidedByTwentyMinutesOnly() {
    Count good = new Count(44, 6, 8);
    Count bad = new Count(41, 9, 0);
    assertTrue(good.withinTarget());
    assertFalse(bad.withinTarget());
    WakeCounts shorter = new WakeCounts("short.wav", 10, bad, bad);
    WakeCounts whole = new WakeCounts("long.wav", 1200, bad, good);
    assertEquals(Verdict.UNDECIDED, new Quality.Wakes(List.of(shorter)).verdict());
    assertEquals(Verdict.REACHED, new Quality.Wakes(List.of(shorter, whole)).verdict());
    assertEquals(
        Verdict.MISSED,
        new Quality.Wakes(List.of(new WakeCounts("long.wav", 1200, good, bad))).verdict());
  }
}

package dev.earshot.protocol.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static EnvironmentResult kitchen(DetPoint... det) {
    List<Long> none = Collections.nCopies(32, 0L);
    return new EnvironmentResult("kitchen", 2.5, 10, 200, 20, List.of(det), none, none);
  }

  private static Evaluation evaluation(EnvironmentResult result) {
    return new Evaluation(
        "hey-nova:1.0.0",
        Digest.of(new byte[] {1}).toString(),
        "an afternoon",
        60,
        13,
        1200,
        1000,
        100,
        200,
        List.of(result));
  }

  @Test
  void pointOfTheTradeOff_holdsUntilTheNext() {
    EnvironmentResult result =
        kitchen(new DetPoint(-128, 40, 0), new DetPoint(60, 4, .1), new DetPoint(64, 2, .2));
    assertEquals(40, result.at(59).orElseThrow().falseAcceptsPerHour());
    assertEquals(4, result.at(60).orElseThrow().falseAcceptsPerHour());
    assertEquals(4, result.at(63).orElseThrow().falseAcceptsPerHour());
    assertEquals(.2, result.at(127).orElseThrow().falseRejectRate());
  }

  @Test
  void anotherThreshold_countsWhatItWouldHaveCounted() {
    Evaluation retuned =
        evaluation(kitchen(new DetPoint(-128, 40, 0), new DetPoint(64, 2, .2)))
            .at(ReleaseRef.parse("hey-nova:1.0.1"), 71, "an afternoon, read at 71");
    assertEquals("hey-nova:1.0.1", retuned.release());
    assertEquals(71, retuned.thresholdScore());
    EnvironmentResult result = retuned.environments().getFirst();
    assertEquals(5, result.falseAccepts());
    assertEquals(40, result.missedWakes());
    assertEquals(2, result.det().size(), "the trade-off stays what was measured");
  }

  @Test
  void evaluationWithoutATradeOff_canNotBeReadElsewhere() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> evaluation(kitchen()).at(ReleaseRef.parse("hey-nova:1.0.1"), 71, "no"));
    assertEquals(
        "det: the evaluation has no trade-off for kitchen (expected: at least one point, to read"
            + " another threshold from)",
        refused.getMessage());
  }
}

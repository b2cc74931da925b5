package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecisionsTest {
  private static final CountsEvaluation NOTHING =
      CountsGate.evaluate(List.of(), CountsSettings.harm());

  @Test
  void budget_isSpentExactlyOnce() {
    double spent = Stream.of(Metric.values()).mapToDouble(AlphaBudget.DEFAULT::alpha).sum();

    assertEquals(0.01, spent, 1e-15);
    assertEquals(0.004, AlphaBudget.DEFAULT.alpha(Metric.FALSE_ACCEPTS), 1e-15);
  }

  @Test
  void firstEvents_alarmByThemselvesAtTheirShare() {
    double threshold = Math.log(1 / (0.2 * 0.004));

    Verdict below = Decisions.harm(NOTHING, threshold - 1e-9, 0.004);
    Verdict reached = Decisions.harm(NOTHING, threshold + 1e-9, 0.004);

    assertEquals(Verdict.Undecided.class, below.getClass());
    assertEquals(Verdict.Harm.class, reached.getClass());
    assertEquals("first-event", reached.test());
  }

  @Test
  void nothingSeen_neitherStopsNorPromotes() {
    CountsEvaluation nothing = CountsGate.evaluate(List.of(), CountsSettings.nonInferiority(1));

    assertEquals(Verdict.Undecided.class, Decisions.harm(NOTHING, 0, 0.004).getClass());
    assertEquals(Verdict.Undecided.class, Decisions.promotion(nothing, 0.05).getClass());
  }

  @Test
  void evidenceThatIsNoNumber_isAFaultAndNotAPass() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> Decisions.harm("power", Double.NaN, 0.0015));

    assertEquals("logE of power: NaN (expected: a number)", thrown.getMessage());
  }

  @Test
  void marginOfZero_isRefused() {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> CountsSettings.nonInferiority(0));

    assertEquals("margin: 0.0 (expected: finite and > 0)", thrown.getMessage());
  }
}

package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.rollout.stream.DirectiveView.Change;
import org.junit.jupiter.api.Test;

final class WalkCadenceTest {
  private static final long END = 1_000_000;
  private static final long TOOK = 2_000;

  private final WalkCadence cadence = new WalkCadence();

  @Test
  void firstWalk_isDueAtOnce() {
    assertTrue(cadence.isDue(0, Change.NOTHING, false));
  }

  @Test
  void decision_isLookedIntoAtOnce() {
    walked();
    assertTrue(cadence.isDue(END, Change.DECISION, true));
  }

  @Test
  void openedPace_waitsAsLongAsTheLastWalkTook() {
    walked();
    assertFalse(cadence.isDue(END + TOOK - 1, Change.PACE, true));
    assertTrue(cadence.isDue(END + TOOK, Change.PACE, true));
  }

  @Test
  void evidence_waitsTenTimesAsLong() {
    walked();
    assertFalse(cadence.isDue(END + 10 * TOOK - 1, Change.PROGRESS, true));
    assertTrue(cadence.isDue(END + 10 * TOOK, Change.PROGRESS, true));
  }

  @Test
  void fewDevices_areLookedAtWithEveryTick() {
    cadence.ended(END, END);
    assertTrue(cadence.isDue(END, Change.NOTHING, true));
  }

  @Test
  void nothingUnderWay_isLookedAtOnceAMinute() {
    cadence.ended(END, END);
    assertFalse(cadence.isDue(END + 59_999, Change.NOTHING, false));
    assertTrue(cadence.isDue(END + 60_000, Change.NOTHING, false));
  }

  @Test
  void clockSetBack_doesNotStopTheWalks() {
    walked();
    assertTrue(cadence.isDue(END - 1, Change.NOTHING, true));
  }

  private void walked() {
    cadence.ended(END - TOOK, END);
  }
}

package dev.earshot.registry.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IntervalTest {
  private static final double CLOSE = 5e-5;

  /** Ulm: Simple method to calculate the confidence interval of a standardized mortality ratio. */
  @Test
  void rate_isGarwoods() {
    Interval ten = Interval.ofRate(10, 1);
    assertEquals(4.7954, ten.low(), CLOSE);
    assertEquals(18.3904, ten.high(), CLOSE);
    assertEquals(1.83904, Interval.ofRate(10, 10).high(), CLOSE);
  }

  @Test
  void nothingCounted_isBoundedByTheRuleOfThreeOrSo() {
    Interval none = Interval.ofRate(0, 2.5);
    assertEquals(0, none.low());
    assertEquals(-Math.log(0.025) / 2.5, none.high(), CLOSE);
  }

  @Test
  void share_isClopperAndPearsons() {
    Interval tenOfHundred = Interval.ofShare(10, 100);
    assertEquals(0.0490, tenOfHundred.low(), CLOSE);
    assertEquals(0.1762, tenOfHundred.high(), CLOSE);
    assertEquals(new Interval(0, 1), Interval.ofShare(0, 0));
    assertEquals(1, Interval.ofShare(7, 7).high());
    assertEquals(0, Interval.ofShare(0, 7).low());
  }

  @Test
  void impossibleCounts_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> Interval.ofRate(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> Interval.ofRate(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Interval.ofRate(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(8, 7));
  }
}

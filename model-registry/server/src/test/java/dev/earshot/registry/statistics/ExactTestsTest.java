package dev.earshot.registry.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExactTestsTest {
  private static final double CLOSE = 5e-6;

  /** The example of R's poisson.test: breast cancer and fluoroscopy. */
  @Test
  void rates_agreeWithR() {
    assertEquals(0.07967, ExactTests.rates(11, 800, 6 + 8 + 7, 1083 + 1050 + 878), CLOSE);
  }

  /** Fisher's tea-tasting lady, as R's fisher.test has her. */
  @Test
  void shares_agreeWithR() {
    assertEquals(0.485714, ExactTests.shares(3, 4, 1, 4), CLOSE);
    assertEquals(1, ExactTests.shares(2, 4, 2, 4), CLOSE);
    assertEquals(2 / 70.0, ExactTests.shares(4, 4, 0, 4), CLOSE);
  }

  @Test
  void nothingToCompare_isNoDifference() {
    assertEquals(1, ExactTests.rates(0, 2.5, 0, 2.5));
    assertEquals(1, ExactTests.shares(0, 0, 5, 10));
  }

  @Test
  void impossibleCounts_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> ExactTests.rates(-1, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> ExactTests.rates(1, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> ExactTests.shares(3, 2, 1, 2));
  }

  /** Holm's p values of 0.01, 0.04, 0.03: 3 times, then at least that, 2 times. */
  @Test
  void severalTests_areAdjustedTogether() {
    assertEquals(List.of(0.03, 0.06, 0.06), ExactTests.holm(List.of(0.01, 0.04, 0.03)));
    assertEquals(List.of(1.0, 1.0), ExactTests.holm(List.of(0.7, 0.9)));
    assertEquals(List.of(), ExactTests.holm(List.of()));
  }

  @Property(tries = 200)
  void sidesCanBeSwapped(
      @ForAll @IntRange(max = 60) int a,
      @ForAll @IntRange(max = 60) int b,
      @ForAll @IntRange(min = 1, max = 20) int exposureA,
      @ForAll @IntRange(min = 1, max = 20) int exposureB) {
    assertEquals(
        ExactTests.rates(a, exposureA, b, exposureB),
        ExactTests.rates(b, exposureB, a, exposureA),
        1e-9);
    assertEquals(ExactTests.shares(a, 60, b, 70), ExactTests.shares(b, 70, a, 60), 1e-9);
  }

  /** Of tests on equal rates at most the level may speak up; 5 % of 2000 and four sigma. */
  @Test
  void equalRates_areCalledDifferentAtMostAtTheLevel() {
    Random random = new Random(11);
    int called = 0;
    for (int i = 0; i < 2000; i++) {
      called += ExactTests.rates(poisson(random, 4), 2, poisson(random, 8), 4) <= 0.05 ? 1 : 0;
    }
    assertTrue(called <= 100 + 4 * Math.sqrt(95), called + " of 2000");
  }

  private static int poisson(Random random, double mean) {
    int count = 0;
    for (double at = -Math.log(1 - random.nextDouble());
        at < mean;
        at -= Math.log(1 - random.nextDouble())) {
      count++;
    }
    return count;
  }
}

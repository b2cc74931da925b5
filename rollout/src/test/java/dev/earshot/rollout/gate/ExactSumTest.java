package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  private static double sum(double... values) {
    ExactSum sum = new ExactSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum.value();
  }

  /** Half a unit in the last place above one is a tie; what lies 160 bits below decides it. */
  @Test
  void tie_isBrokenByWhatIsFarBelow() {
    double half = 0x1p-53;
    double dust = 0x1p-160;
    double next = Math.nextUp(1.0);

    assertEquals(1, sum(1, half));
    assertEquals(next, sum(1, half, dust));
    assertEquals(next, sum(dust, half, 1));
    assertEquals(next, sum(half, dust, 1));
    assertEquals(1, sum(1, half, -dust));
    assertEquals(next, sum(next, -half, dust));
    assertEquals(1, sum(next, -half, -dust));
  }

  @Test
  void smallestAndLargestDoubles_sumExactly() {
    assertEquals(3 * Double.MIN_VALUE, sum(Double.MIN_VALUE, 2 * Double.MIN_VALUE));
    assertEquals(Double.MIN_NORMAL, sum(Double.MIN_NORMAL, 1, -1));
    assertEquals(Double.MAX_VALUE, sum(Double.MAX_VALUE, Double.MIN_VALUE));
    assertEquals(Double.MIN_VALUE, sum(Double.MAX_VALUE, Double.MIN_VALUE, -Double.MAX_VALUE));
    assertEquals(Double.POSITIVE_INFINITY, sum(Double.MAX_VALUE, Double.MAX_VALUE));
    assertEquals(-0.75, sum(0.25, -1));
  }

  @Test
  void noNumber_isRefused() {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> sum(1, Double.POSITIVE_INFINITY));

    assertEquals("value: Infinity (expected: a finite number)", thrown.getMessage());
  }

  @Test
  void nothing_isZero() {
    assertEquals(0, sum());
    assertEquals(0, sum(0, 0));
  }

  @Property
  void numbersOfAnySize_sumExactlyInAnyOrder(
      @ForAll @Size(max = 60) List<@IntRange(min = -200, max = 200) Integer> exponents,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Double> values =
        new ArrayList<>(
            exponents.stream().map(e -> Math.scalb(random.nextDouble() - 0.25, e)).toList());
    BigDecimal exact = BigDecimal.ZERO;
    for (double value : values) {
      exact = exact.add(new BigDecimal(value));
    }
    Collections.shuffle(values, random);

    assertEquals(
        exact.doubleValue(), sum(values.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  @Property
  void sum_isTheRoundedExactSumInAnyOrder(
      @ForAll @Size(max = 200) List<@DoubleRange(min = 0, max = 1e9) Double> values,
      @ForAll long seed) {
    BigDecimal exact = BigDecimal.ZERO;
    for (double value : values) {
      exact = exact.add(new BigDecimal(value));
    }
    Collections.shuffle(values, new Random(seed));
    ExactSum sum = new ExactSum();
    values.forEach(sum::add);

    assertEquals(exact.doubleValue(), sum.value());
  }
}

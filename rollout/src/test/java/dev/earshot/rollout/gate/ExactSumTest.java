package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class ExactSumTest {
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

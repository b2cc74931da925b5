package dev.earshot.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrawsTest {
  private static final int DRAWS = 40_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 2, 16})
  void gamma_hasMeanOneAndVarianceOneOverShape(double shape) {
    RandomStream random = RandomStream.of(7, (long) (shape * 10));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double drawn = Draws.gammaWithMeanOne(random, shape);
      sum += drawn;
      squares += drawn * drawn;
    }
    double mean = sum / DRAWS;
    double variance = 1 / shape;
    assertEquals(1, mean, 5 * Math.sqrt(variance / DRAWS));
    assertEquals(variance, squares / DRAWS - mean * mean, .12 * variance);
  }

  @ParameterizedTest
  @CsvSource({"1,.3", "20,.05", "300,.01", "300,.5", "28000,.0001", "28000,.7", "100,.99"})
  void binomial_hasItsMeanAndVariance(long trials, double probability) {
    RandomStream random = RandomStream.of(8, trials);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double drawn = Draws.binomial(random, trials, probability);
      sum += drawn;
      squares += drawn * drawn;
    }
    double mean = sum / DRAWS;
    double variance = trials * probability * (1 - probability);
    assertEquals(trials * probability, mean, 5 * Math.sqrt(variance / DRAWS));
    assertEquals(variance, squares / DRAWS - mean * mean, .05 * variance + .02);
  }

  @Property(tries = 200)
  void multinomial_spreadsEveryTrialOverPossibleBuckets(
      @ForAll @IntRange(max = 100_000) int trials,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double first) {
    double[] probabilities = {first / 2, 0, 1 - first, first / 2, 0};
    long[] into = new long[5];
    Draws.multinomial(RandomStream.of(seed), trials, probabilities, into);
    assertEquals(trials, Arrays.stream(into).sum());
    assertEquals(0, into[1] + into[4]);
  }

  @Test
  void categorical_withoutAnyPossibleBucket_isEmpty() {
    assertEquals(OptionalInt.empty(), Draws.categorical(RandomStream.of(1), new double[] {0, 0}));
  }
}

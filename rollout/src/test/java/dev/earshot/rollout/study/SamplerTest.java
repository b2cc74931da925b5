package dev.earshot.rollout.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  private static final int DRAWS = 100_000;

  /** Mean and variance of many draws, within five standard errors of a distribution like these. */
  private static void assertMoments(double mean, double variance, DoubleSupplier draw) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double x = draw.getAsDouble();
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    assertEquals(mean, sum / DRAWS, 5 * Math.sqrt(variance / DRAWS));
    assertEquals(variance, squares / DRAWS, 0.08 * variance);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 3.5})
  void gamma_hasItsMoments(double shape) {
    Sampler sampler = new Sampler(1);

    assertMoments(shape, shape, () -> sampler.gamma(shape));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.02, 4, 75})
  void poisson_hasItsMoments(double mean) {
    Sampler sampler = new Sampler(2);

    assertMoments(mean, mean, () -> sampler.poisson(mean));
  }

  @Test
  void geometric_hasItsMoments() {
    Sampler sampler = new Sampler(3);

    assertMoments(3, 6, () -> sampler.geometric(3));
  }

  @Test
  void everySpread_hasMeanOne() {
    Sampler sampler = new Sampler(4);
    Spread gamma = new Spread.Gamma(0.3);
    Spread lognormal = new Spread.Lognormal(0.7);
    Spread twoPoint = new Spread.TwoPoint(0.05, 10);

    assertMoments(1, 1 / 0.3, () -> gamma.draw(sampler));
    assertMoments(1, Math.expm1(0.49), () -> lognormal.draw(sampler));
    assertMoments(1, 0.05 * 81 + 0.95 * Math.pow(0.5 / 0.95 - 1, 2), () -> twoPoint.draw(sampler));
  }
}

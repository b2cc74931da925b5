package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reference values: the stated formulas in 60-digit arithmetic (mpmath); those in files come from
 * reference.py beside them.
 */
class NormalMixtureTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.001, 0.4, -0.000079993600682584757151",
    "3, 8, 0.4, 0.35682830102230424366",
    "-3, 8, 0.4, -0.94779251555651840351",
    "40, 100, 0.4, 6.8059001659075772302",
    "-40, 100, 0.4, -3.0562787057036647549",
    "250, 1000, 0.4, 29.208345619185724611",
    "-1500, 1000, 0.4, -6.6231677311634808643",
    "12345.678, 54321, 0.4, 1398.9141713432579411",
    "-12345.678, 54321, 0.4, -8.7309180661394917033",
    "0.001, 1e-6, 0.4, 0.00031910287153440300158",
    "900, 20000, 0.05, 18.580175540520753188",
    "-2, 300, 0.05, -0.33909960755698454742",
    "5000, 20000, 0.05, 611.4723324034134687",
    "-1e6, 1e6, 0.4, -13.125012178738596452",
    "1.5, 2, 1, 0.30411431953850896714",
  })
  void logE_agreesWithSixtyDigitArithmetic(double s, double j, double tau, double expected) {
    double actual = new NormalMixture(tau).logE(s, j);

    assertEquals(expected, actual, 1e-12 * Math.max(1, Math.abs(expected)));
  }

  @ParameterizedTest
  @CsvSource({
    "-38.5, -745.69527029041108133",
    "-10, -53.231285150512470578",
    "-1.0001, -1.8411741625414107642",
    "-1, -1.8410216450092635058",
    "-0.9999, -1.8408691354861395909",
    "0, -0.69314718055994530942",
    "0.5, -0.36894641528865639307",
    "3, -0.0013508099647481937988",
    "8, -6.2209605742717860585e-16",
    "9, -1.1285884059538406478e-19",
  })
  void logPhi_keepsRelativePrecisionInBothTails(double z, double expected) {
    assertEquals(expected, NormalMixture.logPhi(z), 2e-14 * Math.abs(expected));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/dev/earshot/rollout/gate/mixture.csv", numLinesToSkip = 1)
  void logE_isAccurateOverExtremeRanges(double s, double j, double tau, double expected) {
    double actual = new NormalMixture(tau).logE(s, j);

    assertEquals(expected, actual, 1e-12 * Math.max(1, Math.abs(expected)));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/dev/earshot/rollout/gate/boundary.csv", numLinesToSkip = 1)
  void boundary_isAccurateOverExtremeRanges(
      double j, double logThreshold, double tau, double expected) {
    double actual = new NormalMixture(tau).boundary(j, logThreshold);

    // Where no evidence is asked for and there is hardly any information, the boundary is the
    // difference of two equal numbers of size sqrt(J + 1/tau^2).
    double scale = Math.max(Math.abs(expected), Math.sqrt(j + 1 / (tau * tau)));
    assertEquals(expected, actual, 1e-12 * scale);
  }

  /** Under the null S is normal with mean 0 and variance J: the stake is kept on average. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.4", "8, 0.4", "300, 0.4", "90000, 0.05"})
  void harmlessRelease_keepsTheStakeOnAverage(double j, double tau) {
    NormalMixture mixture = new NormalMixture(tau);
    double step = 1e-3;
    double mean = 0;
    // Where the stake grows is where the bets are, up to some tau sqrt J above the null.
    for (double z = -40; z <= 40 + 10 * tau * Math.sqrt(j); z += step) {
      double logDensity = -z * z / 2 - 0.5 * Math.log(2 * Math.PI);
      mean += step * Math.exp(logDensity + mixture.logE(z * Math.sqrt(j), j));
    }

    assertEquals(1, mean, 1e-9);
  }

  @Test
  void noInformation_leavesTheStakeUntouched() {
    assertEquals(0, new NormalMixture(0.4).logE(0, 0));
  }

  @Test
  void scoreThatIsNoNumber_isRefusedByName() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> new NormalMixture(0.4).logE(Double.NaN, 1));

    assertEquals("S: NaN (expected: a finite number)", thrown.getMessage());
  }

  /** The mixture is an average over bets; the trapezoidal rule on the bets is another way there. */
  @Test
  void logE_isTheAverageOverHalfNormalBets() {
    double s = 7;
    double j = 30;
    double tau = 0.4;
    int steps = 200_000;
    double step = 10 * tau / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double delta = i * step;
      double density =
          2 / (tau * Math.sqrt(2 * Math.PI)) * Math.exp(-delta * delta / 2 / tau / tau);
      sum += (i == 0 ? 0.5 : 1) * density * Math.exp(delta * s - delta * delta * j / 2) * step;
    }

    assertEquals(Math.log(sum), new NormalMixture(tau).logE(s, j), 1e-9);
  }

  @Property
  void boundary_isWhereLogEReachesTheThreshold(
      @ForAll @Scale(8) @DoubleRange(min = 1e-3, max = 1e6) double j,
      @ForAll @Scale(8) @DoubleRange(min = 0, max = 40) double threshold,
      @ForAll @Scale(8) @DoubleRange(min = 0.01, max = 2) double tau) {
    NormalMixture mixture = new NormalMixture(tau);

    double boundary = mixture.boundary(j, threshold);

    assertEquals(threshold, mixture.logE(boundary, j), 1e-10 * Math.max(1, threshold));
  }

  @Property
  void largerScore_neverLowersTheEvidence(
      @ForAll @Scale(8) @DoubleRange(min = -1e4, max = 1e4) double s,
      @ForAll @Scale(8) @DoubleRange(min = 1e-6, max = 1e5) double j) {
    NormalMixture mixture = new NormalMixture(0.4);

    assertTrue(mixture.logE(s + 0.01 * (1 + Math.abs(s)), j) > mixture.logE(s, j));
  }
}

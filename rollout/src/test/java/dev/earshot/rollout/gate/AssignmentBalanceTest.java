package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.gamma.LogGamma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentBalanceTest {
  private static final AssignmentBalance BALANCE = new AssignmentBalance(100);

  /** Dirichlet-multinomial ratio in 60-digit arithmetic (mpmath). */
  @ParameterizedTest
  @CsvSource({"60, 40, 0.5, 0.65889181804667185733", "700, 9300, 0.05, 34.834395415860824454"})
  void logE_agreesWithSixtyDigitArithmetic(
      long treated, long control, double share, double expected) {
    assertEquals(
        expected, BALANCE.logE(List.of(treated, control), List.of(share, 1 - share)), 1e-9);
  }

  /** One device after another in 60-digit arithmetic, see reference.py. */
  @ParameterizedTest
  @CsvFileSource(resources = "/dev/earshot/rollout/gate/balance.csv", numLinesToSkip = 1)
  void logE_isWhatSequentialPredictionsGain(
      double concentration, String shares, String counts, double expected) {
    List<Double> planned = Arrays.stream(shares.split(" ")).map(Double::valueOf).toList();
    List<Long> seen = Arrays.stream(counts.split(" ")).map(Long::valueOf).toList();

    assertEquals(
        expected,
        new AssignmentBalance(concentration).logE(seen, planned),
        1e-10 * Math.max(1, Math.abs(expected)));
  }

  /** The same number, one device at a time: each is betted on by the shares seen so far. */
  @Test
  void logE_isTheProductOfSequentialPredictions() {
    double logE = 0;
    long[] seen = new long[2];
    for (int i = 0; i < 300; i++) {
      int arm = i % 7 == 0 ? 0 : 1;
      double share = arm == 0 ? 0.2 : 0.8;
      logE += Math.log((100 * share + seen[arm]) / (100 + i) / share);
      seen[arm]++;
    }

    assertEquals(logE, BALANCE.logE(List.of(seen[0], seen[1]), List.of(0.2, 0.8)), 1e-10);
  }

  @Test
  void asRandomised_keepsTheStakeExactlyOnAverage() {
    List<Double> shares = List.of(0.1, 0.6, 0.3);
    int devices = 30;
    double mean = 0;
    for (long a = 0; a <= devices; a++) {
      for (long b = 0; a + b <= devices; b++) {
        long c = devices - a - b;
        double logProbability =
            LogGamma.value(devices + 1)
                - LogGamma.value(a + 1.0)
                - LogGamma.value(b + 1.0)
                - LogGamma.value(c + 1.0)
                + a * Math.log(0.1)
                + b * Math.log(0.6)
                + c * Math.log(0.3);
        mean += Math.exp(logProbability + BALANCE.logE(List.of(a, b, c), shares));
      }
    }

    assertEquals(1, mean, 1e-10);
  }

  @Test
  void vanishingTreatedDevices_stopTheRollout() {
    double threshold = -Math.log(AssignmentBalance.ALPHA);
    List<Double> shares = List.of(0.05, 0.95);

    // 50 of 1,000 were to be treated; of those that report, hardly half are.
    assertTrue(BALANCE.logE(List.of(50L, 950L), shares) < 0);
    assertTrue(BALANCE.logE(List.of(21L, 950L), shares) > threshold);
  }

  @Test
  void sharesThatDoNotAddUp_areRefused() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> BALANCE.logE(List.of(1L, 1L), List.of(0.5, 0.25)));

    assertEquals("shares: sum 0.75 (expected: 1)", thrown.getMessage());
  }
}

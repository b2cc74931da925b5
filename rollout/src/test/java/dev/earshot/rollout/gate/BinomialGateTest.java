package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference values: the stated formulas in 60-digit arithmetic (mpmath). */
class BinomialGateTest {
  @ParameterizedTest
  @CsvSource({
    "0.02, 0, 100, -4.6151205168412594509",
    "0.02, 5, 20, 7.1899798910917853281",
    "0.02, 30, 1000, -2.0792075811183035666",
    "0.05, 0, 3000, -8.0067008454403671146",
    "0.05, 700, 1000, 1498.2716220547564205",
    "0.1, 90, 1000, -4.9673404673217047374",
  })
  void uniformPrior_agreesWithSixtyDigitArithmetic(
      double p0, long failed, long finished, double expected) {
    assertEquals(expected, new BinomialGate(p0, 1, 1).logE(failed, finished), 1e-10);
  }

  /** The likelihood ratio integrated over the truncated prior, see reference.py. */
  @ParameterizedTest
  @CsvFileSource(resources = "/dev/earshot/rollout/gate/binomial.csv", numLinesToSkip = 1)
  void logE_isTheAveragedLikelihoodRatio(
      double p0, double a, double b, long failed, long finished, double expected) {
    assertEquals(
        expected,
        new BinomialGate(p0, a, b).logE(failed, finished),
        1e-11 * Math.max(1, Math.abs(expected)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.02, 1, 1, -0.020202707317519448408",
    "0.02, 3, 999, -14.78533787961172333",
    "0.02, 1, 5001, -101.03373929491476149",
    "0.5, 1, 1000001, -693147.87370712586936",
    "0.05, 501, 9501, -0.67142492726980608852",
    "0.3, 0.5, 0.5, -0.46046545391587118338",
    "0.02, 11, 200, -0.0036750566134325621097",
    "0.999, 2.5, 3.5, -22.129238283774028388",
    "1e-6, 2, 3, -5.999992000020999952e-12",
  })
  void betaTail_keepsItsPrecisionWhereItUnderflows(double p, double a, double b, double expected) {
    assertEquals(
        expected, LogBetas.logSurvival(p, a, b), 1e-11 * Math.max(0.1, Math.abs(expected)));
  }

  /** Exact by enumeration: at p0 the e-value has mean one whatever the number of updates. */
  @Property(tries = 200)
  void atTheLimit_theStakeIsKeptOnAverage(
      @ForAll @Scale(6) @DoubleRange(min = 0.005, max = 0.5) double p0,
      @ForAll @IntRange(min = 1, max = 120) int finished,
      @ForAll @Scale(6) @DoubleRange(min = 0.5, max = 3) double a,
      @ForAll @Scale(6) @DoubleRange(min = 0.5, max = 20) double b) {
    assertEquals(1, meanE(new BinomialGate(p0, a, b), p0, finished), 1e-9);
  }

  @Property(tries = 100)
  void belowTheLimit_theStakeShrinks(
      @ForAll @Scale(6) @DoubleRange(min = 0.02, max = 0.5) double p0,
      @ForAll @Scale(6) @DoubleRange(min = 0.1, max = 0.95) double share,
      @ForAll @IntRange(min = 5, max = 120) int finished) {
    assertTrue(meanE(new BinomialGate(p0), p0 * share, finished) < 1);
  }

  private static double meanE(BinomialGate gate, double p, int finished) {
    double mean = 0;
    double logChoose = 0;
    for (int failed = 0; failed <= finished; failed++) {
      double logProbability =
          logChoose + failed * Math.log(p) + (finished - failed) * Math.log1p(-p);
      mean += Math.exp(logProbability + gate.logE(failed, finished));
      logChoose += Math.log((double) (finished - failed) / (failed + 1));
    }
    return mean;
  }

  @Test
  void brickingRelease_isStoppedWithinTwentyUpdates() {
    double alpha = AlphaBudget.DEFAULT.alpha(Metric.FAILED_UPDATES);

    Verdict verdict = Decisions.harm("failed-updates", new BinomialGate(0.02).logE(6, 20), alpha);

    assertEquals(Verdict.Harm.class, verdict.getClass());
  }

  @Test
  void noUpdateYet_isNoEvidence() {
    assertEquals(0, new BinomialGate(0.02).logE(0, 0));
  }

  @Test
  void moreFailuresThanUpdates_areRefused() {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> new BinomialGate(0.02).logE(3, 2));

    assertEquals("finished: 2 (expected: at least failed, 3)", thrown.getMessage());
  }
}

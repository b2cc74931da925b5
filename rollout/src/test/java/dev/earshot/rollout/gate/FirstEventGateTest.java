package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class FirstEventGateTest {
  private static final FirstEventGate COUNTS = FirstEventGate.counts();

  /** Every order in which the devices can have their first event, with its probability. */
  private static double meanE(
      FirstEventGate gate, FirstEventGate.Sums sums, RiskSet atRisk, int events, double ratio) {
    if (events == 0) {
      return Math.exp(gate.logE(sums));
    }
    double treatedNext = ratio * atRisk.treated() / (ratio * atRisk.treated() + atRisk.control());
    double mean = 0;
    for (boolean treated : List.of(true, false)) {
      double probability = treated ? treatedNext : 1 - treatedNext;
      if (probability > 0) {
        FirstEventGate.Sums next = gate.event(sums, atRisk, treated);
        mean += probability * meanE(gate, next, atRisk.leave(treated), events - 1, ratio);
      }
    }
    return mean;
  }

  @ParameterizedTest
  @CsvSource({"4, 4, 8", "1, 9, 10", "7, 2, 9", "3, 3, 2"})
  void harmlessRelease_keepsTheStakeExactlyOnAverage(int treated, int control, int events) {
    RiskSet atRisk = new RiskSet(treated, control);

    assertEquals(1, meanE(COUNTS, COUNTS.none(), atRisk, events, 1), 1e-12);
    FirstEventGate failures = FirstEventGate.failures();
    assertEquals(1, meanE(failures, failures.none(), atRisk, events, 1), 1e-12);
  }

  /** Whole sequences against all alternatives at once in 60-digit arithmetic, see reference.py. */
  @ParameterizedTest
  @CsvFileSource(resources = "/dev/earshot/rollout/gate/first-events.csv", numLinesToSkip = 1)
  void sequenceOfEvents_gainsTheWeightedLikelihoodRatios(
      String name, int treated, int control, String arms, double expected) {
    FirstEventGate gate = name.equals("counts") ? COUNTS : FirstEventGate.failures();
    FirstEventGate.Sums sums = gate.none();
    RiskSet atRisk = new RiskSet(treated, control);
    for (char arm : arms.toCharArray()) {
      sums = gate.event(sums, atRisk, arm == 't');
      atRisk = atRisk.leave(arm == 't');
    }

    assertEquals(expected, gate.logE(sums), 1e-12 * Math.max(1, Math.abs(expected)));
  }

  @Test
  void betterRelease_losesTheStake() {
    assertTrue(meanE(COUNTS, COUNTS.none(), new RiskSet(5, 5), 6, 0.5) < 1);
  }

  @Test
  void oneEvent_paysTheHazardRatioOverItsExpectation() {
    FirstEventGate gate = new FirstEventGate(List.of(3.0), List.of(1.0));
    RiskSet atRisk = new RiskSet(1, 3);

    // 3 / (3/4 + 3 x 1/4) and 1 / (3/4 + 3 x 1/4).
    assertEquals(Math.log(3 / 1.5), gate.logE(gate.event(gate.none(), atRisk, true)), 1e-15);
    assertEquals(Math.log(1 / 1.5), gate.logE(gate.event(gate.none(), atRisk, false)), 1e-15);
  }

  @Test
  void mixtureForCounts_spansTheRatiosWithHalfNormalWeights() {
    List<Double> ratios = COUNTS.hazardRatios();
    int last = ratios.size() - 1;

    assertEquals(1.05, ratios.get(0), 1e-12);
    assertEquals(10, ratios.get(last), 1e-12);
    assertEquals(
        (Math.pow(Math.log(10), 2) - Math.pow(Math.log(1.05), 2)) / (2 * 0.16),
        Math.log(COUNTS.weights().get(0) / COUNTS.weights().get(last)),
        1e-9);
  }

  @Test
  void partitions_addUp() {
    RiskSet here = new RiskSet(10, 12);
    RiskSet there = new RiskSet(5, 4);

    FirstEventGate.Sums apart =
        COUNTS.event(COUNTS.none(), here, true).plus(COUNTS.event(COUNTS.none(), there, false));
    FirstEventGate.Sums together =
        COUNTS.event(COUNTS.event(COUNTS.none(), there, false), here, true);

    assertEquals(2, apart.events());
    assertEquals(COUNTS.logE(together), COUNTS.logE(apart), 1e-14);
  }

  @Test
  void crashingRelease_isFoundWithinAHandfulOfCrashes() {
    FirstEventGate gate = FirstEventGate.failures();
    double threshold = -Math.log(AlphaBudget.DEFAULT.alpha(Metric.CRASHES));
    RiskSet atRisk = new RiskSet(50, 950);
    FirstEventGate.Sums sums = gate.none();
    int crashes = 0;
    while (gate.logE(sums) < threshold) {
      sums = gate.event(sums, atRisk, true);
      atRisk = atRisk.leave(true);
      crashes++;
    }

    assertTrue(crashes <= 4, "needed " + crashes);
  }

  /** Arms of any size: the alarm rate over the whole sequence stays below alpha. */
  @Test
  void harmlessRelease_rarelyAlarmsAtAnyTime() {
    SplittableRandom random = new SplittableRandom(4);
    int rollouts = 3000;
    int alarms = 0;
    for (int rollout = 0; rollout < rollouts; rollout++) {
      RiskSet atRisk = new RiskSet(95, 5);
      FirstEventGate.Sums sums = COUNTS.none();
      boolean alarm = false;
      for (int event = 0; event < 100 && !alarm; event++) {
        boolean treated = random.nextDouble() < atRisk.treatedShare();
        sums = COUNTS.event(sums, atRisk, treated);
        atRisk = atRisk.leave(treated);
        alarm = COUNTS.logE(sums) >= Math.log(20);
      }
      alarms += alarm ? 1 : 0;
    }

    int seen = alarms;
    // 5 % of 3,000 are 150; exact validity leaves three standard errors (36) for chance.
    assertTrue(seen <= 186, () -> seen + " alarms");
  }

  @Test
  void eventOfNobodyAtRisk_isRefused() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> COUNTS.event(COUNTS.none(), new RiskSet(0, 3), true));

    assertEquals(
        "atRisk: RiskSet[treated=0, control=3] (expected: to include the device that had the"
            + " event)",
        thrown.getMessage());
  }

  @Test
  void weightsThatDoNotAddUp_areRefused() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> new FirstEventGate(List.of(2.0, 3.0), List.of(0.5, 0.6)));

    assertEquals("weights: sum 1.1 (expected: 1)", thrown.getMessage());
  }
}

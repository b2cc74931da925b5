package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class PowerGateTest {
  private static final PowerGate GATE = new PowerGate();

  /** Devices around 0.14 mW that differ by 30 % from one another and by 3 % from day to day. */
  private static List<double[]> devices(Random random, int number, double ratio) {
    List<double[]> devices = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      double own = 0.14 * Math.exp(0.3 * random.nextGaussian());
      devices.add(
          new double[] {
            own * Math.exp(0.03 * random.nextGaussian()),
            own * ratio * Math.exp(0.03 * random.nextGaussian())
          });
    }
    return devices;
  }

  private static PowerSums sums(List<double[]> devices) {
    return devices.stream()
        .map(device -> PowerSums.of(device[0], device[1]))
        .reduce(PowerSums.NONE, PowerSums::plus);
  }

  /** Least squares of y on arm and x, by the normal equations of the full regression. */
  private static double leastSquaresEffect(List<double[]> treated, List<double[]> control) {
    double[][] m = new double[3][4];
    for (boolean arm : List.of(true, false)) {
      for (double[] device : arm ? treated : control) {
        double[] row = {1, arm ? 1 : 0, Math.log(device[0]), Math.log(device[1])};
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 4; j++) {
            m[i][j] += row[i] * row[j];
          }
        }
      }
    }
    for (int pivot = 0; pivot < 3; pivot++) {
      for (int i = 0; i < 3; i++) {
        double factor = i == pivot ? 0 : m[i][pivot] / m[pivot][pivot];
        for (int j = pivot; j < 4; j++) {
          m[i][j] -= factor * m[pivot][j];
        }
      }
    }
    return m[1][3] / m[1][1];
  }

  @Test
  void adjustedDifference_isTheRegressionCoefficientOfTheArm() {
    Random random = new Random(5);
    List<double[]> treated = devices(random, 40, 1.05);
    List<double[]> control = devices(random, 75, 1);

    PowerEvaluation evaluation =
        GATE.evaluate(List.of(new PowerArms(sums(treated), sums(control))));

    assertEquals(leastSquaresEffect(treated, control), evaluation.logRatio(), 1e-10);
    // Two readings of 3 % each leave 0.042 per device after adjusting; J is about 1/variance.
    double expected = 1 / (0.0424 * 0.0424 * (1.0 / 40 + 1.0 / 75));
    assertEquals(expected, evaluation.j(), 0.4 * expected);
    assertEquals(
        new NormalMixture(0.05).logE(evaluation.s(), evaluation.j()), evaluation.logE(), 1e-12);
  }

  /** The same devices, one by one, in 60-digit arithmetic, see reference.py. */
  @ParameterizedTest
  @CsvFileSource(resources = "/dev/earshot/rollout/gate/power.csv", numLinesToSkip = 1)
  void evidence_agreesWithAComputationDeviceByDevice(String name, double s, double j, double logE) {
    Map<String, PowerArms> strata = new LinkedHashMap<>();
    try (Scanner lines =
        new Scanner(
            Objects.requireNonNull(getClass().getResourceAsStream("power-devices.csv")),
            StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        String[] row = lines.nextLine().split(",", -1);
        if (row[0].equals(name)) {
          PowerSums one = PowerSums.of(Double.parseDouble(row[3]), Double.parseDouble(row[4]));
          boolean treated = row[2].equals("t");
          PowerArms arms =
              new PowerArms(treated ? one : PowerSums.NONE, treated ? PowerSums.NONE : one);
          strata.merge(row[1], arms, PowerArms::plus);
        }
      }
    }

    PowerEvaluation evaluation = GATE.evaluate(strata.values());

    // Sums of squares lose what the mean's square is larger than the spread.
    assertEquals(s, evaluation.s(), 1e-9 * Math.max(1, Math.abs(s)));
    assertEquals(j, evaluation.j(), 1e-9 * j);
    assertEquals(logE, evaluation.logE(), 1e-9 * Math.max(1, Math.abs(logE)));
  }

  @Test
  void harmlessRelease_keepsTheStakeOnAverage() {
    int rollouts = 3000;
    double mean = 0;
    for (int rollout = 0; rollout < rollouts; rollout++) {
      Random random = new Random(70_000 + rollout);
      PowerArms arms = new PowerArms(sums(devices(random, 30, 1)), sums(devices(random, 60, 1)));
      mean += Math.exp(GATE.evaluate(List.of(arms)).logE()) / rollouts;
    }

    double seen = mean;
    // A t rather than a normal distribution gains a little; one standard error is about 0.02.
    assertTrue(seen < 1.08, () -> "mean of e: " + seen);
  }

  @Test
  void fivePercentMorePower_isFoundWithHistoryAndMissedWithout() {
    Random random = new Random(8);
    List<double[]> treated = devices(random, 150, 1.05);
    List<double[]> control = devices(random, 150, 1);
    PowerArms with = new PowerArms(sums(treated), sums(control));
    treated.forEach(device -> device[0] = 1);
    control.forEach(device -> device[0] = 1);
    PowerArms without = new PowerArms(sums(treated), sums(control));
    double alpha = AlphaBudget.DEFAULT.alpha(Metric.POWER);

    PowerEvaluation adjusted = GATE.evaluate(List.of(with));
    PowerEvaluation plain = GATE.evaluate(List.of(without));

    assertEquals(Verdict.Harm.class, Decisions.harm("power", adjusted.logE(), alpha).getClass());
    assertEquals(Verdict.Undecided.class, Decisions.harm("power", plain.logE(), alpha).getClass());
    Interval ratio = adjusted.logRatio(GATE, 0.05).exp();
    assertTrue(ratio.contains(1.05) && ratio.low() > 1, ratio::toString);
  }

  @Test
  void strata_addUp() {
    Random random = new Random(9);
    PowerArms car = new PowerArms(sums(devices(random, 30, 1)), sums(devices(random, 30, 1)));
    PowerArms home = new PowerArms(sums(devices(random, 50, 1)), sums(devices(random, 25, 1)));

    PowerEvaluation both = GATE.evaluate(List.of(car, home));

    assertEquals(2, both.strata());
    assertEquals(
        GATE.evaluate(List.of(car)).s() + GATE.evaluate(List.of(home)).s(), both.s(), 1e-9);
  }

  @Test
  void fewDevices_areNoEvidence() {
    Random random = new Random(10);
    PowerArms few = new PowerArms(sums(devices(random, 19, 9)), sums(devices(random, 500, 1)));

    PowerEvaluation evaluation = GATE.evaluate(List.of(few));

    assertEquals(0, evaluation.logE());
    assertEquals(0, evaluation.strata());
    assertEquals(Interval.UNKNOWN, evaluation.logRatio(GATE, 0.05));
  }

  @Test
  void identicalReadings_areNotTakenForCertainty() {
    PowerSums treated = sums(Collections.nCopies(30, new double[] {1, 1.0005}));
    PowerSums control = sums(Collections.nCopies(30, new double[] {1, 1}));

    PowerEvaluation evaluation = GATE.evaluate(List.of(new PowerArms(treated, control)));

    assertTrue(evaluation.logE() < 1, () -> "ln e = " + evaluation.logE());
    assertEquals(15 / (0.005 * 0.005), evaluation.j(), 1e-3);
  }

  @Test
  void harmlessRelease_rarelyAlarms() {
    int alarms = 0;
    for (int rollout = 0; rollout < 2000; rollout++) {
      Random random = new Random(rollout);
      PowerArms arms = new PowerArms(sums(devices(random, 25, 1)), sums(devices(random, 100, 1)));
      alarms += GATE.evaluate(List.of(arms)).logE() >= Math.log(20) ? 1 : 0;
    }

    int seen = alarms;
    assertTrue(seen <= 100, () -> seen + " of 2,000 alarmed at 5 %");
  }
}

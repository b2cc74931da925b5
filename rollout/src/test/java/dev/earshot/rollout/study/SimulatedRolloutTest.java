package dev.earshot.rollout.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedRolloutTest {
  private static double events(SimulatedRollout rollout, boolean treated) {
    return IntStream.range(0, rollout.devices())
        .filter(device -> rollout.treated(device) == treated)
        .mapToDouble(rollout::count)
        .sum();
  }

  private static double rate(SimulatedRollout rollout, boolean treated) {
    double hours =
        IntStream.range(0, rollout.devices())
            .filter(device -> rollout.treated(device) == treated)
            .mapToDouble(rollout::exposureHours)
            .sum();
    return events(rollout, treated) / hours;
  }

  @Test
  void sameSeed_givesTheSameRollout() {
    SimulatedRollout one = new SimulatedRollout(Scenario.standard(1.5), 7);
    SimulatedRollout two = new SimulatedRollout(Scenario.standard(1.5), 7);
    one.advanceTo(700);
    IntStream.rangeClosed(1, 700).forEach(two::advanceTo);

    assertArrayEquals(
        IntStream.range(0, one.devices()).map(one::count).toArray(),
        IntStream.range(0, two.devices()).map(two::count).toArray());
  }

  @Test
  void everyNull_hasTheSameRateInBothArmsAndBefore() {
    for (Scenario scenario : Scenario.nulls()) {
      double prior = 0;
      double priorHours = 0;
      double treated = 0;
      double control = 0;
      int rollouts = 8;
      for (int seed = 0; seed < rollouts; seed++) {
        SimulatedRollout rollout = new SimulatedRollout(scenario, seed);
        rollout.advanceTo(SimulatedRollout.MINUTES);
        treated += rate(rollout, true) / rollouts;
        control += rate(rollout, false) / rollouts;
        for (int i = 0; i < rollout.devices(); i++) {
          prior += rollout.priorCount(i);
          priorHours += rollout.priorExposureHours(i);
        }
      }
      double expected = Scenario.MEAN_RATE * scenario.rateFactor();

      // The smallest arm has 100 devices: 8 x 100 devices that differ by their mean are 5 % apart.
      assertEquals(1, treated / expected, 0.15, scenario.name());
      assertEquals(1, control / expected, 0.15, scenario.name());
      assertEquals(1, prior / priorHours / expected, 0.05, scenario.name());
    }
  }

  @Test
  void truth_isWhatTheScenarioSays() {
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(2), 3);
    rollout.advanceTo(SimulatedRollout.MINUTES);

    assertEquals(2, rate(rollout, true) / rate(rollout, false), 0.2);
  }

  @Test
  void newEvents_areExactlyWhatTheCountsGrewBy() {
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(1), 5);
    rollout.advanceTo(60);
    double before = events(rollout, true) + events(rollout, false);
    rollout.advanceTo(75);

    assertEquals(before + rollout.newEvents(), events(rollout, true) + events(rollout, false));
    assertTrue(rollout.newEvents() > 0);
  }

  @Test
  void activity_isOneOverWholeDays() {
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(1), 5);
    rollout.advanceTo(1440);
    assertEquals(1, rollout.activity(), 1e-9);
    rollout.advanceTo(2880);
    assertEquals(1, rollout.activity(), 1e-9);
  }

  @Test
  void stagedRollout_harmsADeviceOnlyWhileItIsTreated() {
    Scenario scenario = Scenario.ramp(3);
    SimulatedRollout rollout = SimulatedRollout.staged(scenario, 4, 3);
    rollout.advanceTo(1440);
    double before = events(rollout, false);
    double hours = 0;
    for (int i = 0; i < rollout.devices() / 2; i++) {
      rollout.treat(i);
      hours += rollout.exposureHours(i);
    }
    int[] then = IntStream.range(0, rollout.devices()).map(rollout::count).toArray();
    rollout.advanceTo(2880);
    double[] after = new double[2];
    for (int i = 0; i < then.length; i++) {
      after[rollout.treated(i) ? 1 : 0] += rollout.count(i) - then[i];
    }

    assertEquals(Scenario.MEAN_RATE, before / hours / 2, 0.02);
    assertEquals(1, after[0] / (before / 2), 0.05);
    assertEquals(3, after[1] / (before / 2), 0.15);
  }

  @Test
  void fixedArms_stayAsTheyAre() {
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(1), 5);

    var thrown = assertThrows(IllegalStateException.class, () -> rollout.treat(1500));

    assertEquals("treat: arms are fixed (expected: a staged rollout)", thrown.getMessage());
  }
}

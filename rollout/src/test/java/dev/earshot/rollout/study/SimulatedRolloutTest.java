package dev.earshot.rollout.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
  void mannWhitney_agreesWithCountingPairs() {
    double[] t = {1, 3, 3, 7, 9.5};
    double[] c = {0, 1, 2, 3, 3, 8};
    // Pairs in which t is larger, ties half: 1.5 + 4 + 4 + 5 + 6 = 20.5 of 30. Ties: two ones, four
    // threes; variance 30/12 (12 - (6 + 60)/(11 x 10)).
    double expected = (20.5 - 15) / Math.sqrt(30.0 / 12 * (12 - 66.0 / 110));

    assertEquals(expected, Competitors.mannWhitneyZ(t, c), 1e-12);
  }

  @Test
  void trial_isRepeatableAndSeesGrossHarmEarly() {
    List<Rule.Named> rules = List.of(OurRules.harm(0.01), OurRules.firstEvents(0.01));

    List<Trial.Outcome> once = new Trial(11, 3).run(Scenario.standard(3), rules);

    assertEquals(once, new Trial(11, 3).run(Scenario.standard(3), rules));
    for (Trial.Outcome outcome : once) {
      assertEquals(1, outcome.share());
      assertTrue(outcome.medianHours() < 0.5, outcome::toString);
    }
  }

  @Test
  void powerTrial_findsTenPercentAndNotNothing() {
    PowerTrial trial = new PowerTrial(1, 10, 200);

    assertEquals(0, trial.run(1, 0.0015).decided());
    assertEquals(10, trial.run(1.2, 0.0015).decided());
  }
}

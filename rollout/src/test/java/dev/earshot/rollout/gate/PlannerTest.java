package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final Planner PLANNER = new Planner();
  private static final double ALPHA = AlphaBudget.DEFAULT.alpha(Metric.FALSE_ACCEPTS);

  private static List<StratumPlan> share(double treated, double historyHours) {
    return List.of(
        new StratumPlan(20_000 * treated, 20_000 * (1 - treated), 0.43, 0.7, historyHours));
  }

  /** 20,000 devices, 0.43 false accepts an hour, 24 h of history: the design's planning table. */
  @ParameterizedTest
  @CsvSource({
    "0.01, 1, 81", "0.01, 6, 31", "0.01, 24, 19",
    "0.05, 1, 32", "0.05, 6, 14", "0.05, 24, 8",
    "0.25, 1, 15", "0.25, 6, 7", "0.25, 24, 4",
  })
  void detectableEffect_matchesThePlanningTable(double treated, double hours, double percent) {
    double effect = PLANNER.detectableEffect(share(treated, 24), hours, ALPHA).orElseThrow();

    assertEquals(percent, 100 * effect, 1);
  }

  @Test
  void withoutHistory_aThousandAgainstAThousandNeverSeeLessThanTwentyThreePercent() {
    List<StratumPlan> plan = List.of(new StratumPlan(1000, 1000, 0.43, 0.7, 0));

    assertEquals(0.23, PLANNER.detectableEffect(plan, 1e9, ALPHA).orElseThrow(), 0.005);
    assertTrue(PLANNER.hoursToSee(plan, 0.22, ALPHA).isEmpty());
  }

  @Test
  void hoursToSee_invertsDetectableEffect() {
    double hours = PLANNER.hoursToSee(share(0.05, 24), 0.2, ALPHA).orElseThrow();

    double effect = PLANNER.detectableEffect(share(0.05, 24), hours, ALPHA).orElseThrow();
    assertEquals(0.2, effect, 0.001);
  }

  @Test
  void strata_addInformation() {
    List<StratumPlan> one = share(0.05, 24);
    List<StratumPlan> two = List.of(one.get(0), one.get(0));

    assertEquals(2 * PLANNER.information(one, 3), PLANNER.information(two, 3), 1e-9);
  }

  @Test
  void nothingTreated_detectsNothing() {
    assertEquals(OptionalDouble.empty(), PLANNER.detectableEffect(share(0, 24), 24, ALPHA));
  }

  @Test
  void missingExposure_shrinksAsDevicesListenAndEndsNearWhatWasPredicted() {
    CountsSettings settings = CountsSettings.nonInferiority(0.25);
    Fleet fleet = new Fleet(40).add("car", true, 500, 0.5, 1).add("car", false, 1500, 0.5, 1);
    fleet.advance(1);
    CountsEvaluation first = CountsGate.evaluate(fleet.devices(), settings);
    double predicted =
        Planner.missingTreatedExposureHours(first, 0.05).orElseThrow() + treatedHours(first);
    CountsEvaluation now = first;
    for (int i = 0; i < 200 && now.decisiveLogE() < Math.log(20); i++) {
      fleet.advance(0.25);
      now = CountsGate.evaluate(fleet.devices(), settings);
    }

    double needed = treatedHours(now);
    assertTrue(
        needed > predicted / 3 && needed < predicted * 3,
        () -> "predicted " + predicted + ", needed " + needed);
  }

  private static double treatedHours(CountsEvaluation evaluation) {
    return evaluation.arms().values().stream()
        .mapToDouble(arms -> arms.treated().exposureHours())
        .sum();
  }

  @Test
  void devicesThatCanNeverShowIt_predictNothing() {
    Fleet fleet = new Fleet(41).add("car", true, 20, 0.5, 1).add("car", false, 20, 0.5, 1);
    fleet.advance(2);
    CountsEvaluation evaluation =
        CountsGate.evaluate(fleet.devices(), CountsSettings.nonInferiority(0.15));

    Verdict verdict = Decisions.promotion(evaluation, 0.05);

    assertFalse(((Verdict.Undecided) verdict).missingTreatedExposureHours().isPresent());
  }
}

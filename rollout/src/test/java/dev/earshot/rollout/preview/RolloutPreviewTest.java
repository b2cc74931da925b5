package dev.earshot.rollout.preview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Census;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.rollout.plan.Margins;
import dev.earshot.rollout.plan.OfferRate;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.rollout.plan.Stage;
import dev.earshot.rollout.preview.Audience.Chip;
import dev.earshot.rollout.preview.Audience.Excluded;
import dev.earshot.rollout.preview.Audience.Habitat;
import dev.earshot.rollout.preview.StagePreview.Detectable;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class RolloutPreviewTest {
  private static final List<String> CHIPS = List.of("ndp120");
  private static final Plan PLAN =
      PlanFormat.read(
          """
          release: hey-nova:1.1.0
          cohort: "true"
          stages:
            - {percent: 5, soak: 6h, margin: 1.5}
            - {percent: 50, soak: 12h, margin: 1.25}
          offers: {per_minute: 10, factor: 2, every_successes: 40, max_per_minute: 20}
          trial: 1m
          """);

  /** 600 devices in kitchens, 400 in cars, each observed for 24 h. */
  private static final Census CENSUS =
      Census.newBuilder()
          .setKnown(1_200)
          .setReachable(1_000)
          .addExcluded(Census.Exclusion.newBuilder().setReason("not_heard").setDevices(70))
          .addExcluded(Census.Exclusion.newBuilder().setReason("other_chip"))
          .addStrata(stratum(Environment.KITCHEN, "ndp120", 500, 0.5, 0.4))
          .addStrata(stratum(Environment.KITCHEN, "ndp101", 100, 0.5, 0.4))
          .addStrata(stratum(Environment.CAR, "ndp120", 400, 0.25, 1))
          .addSample("home/a")
          .build();

  @Test
  void audience_isCountedByEnvironmentChipAndReason() {
    Audience audience = RolloutPreview.of(PLAN, CENSUS, 100, CHIPS).audience();
    assertEquals(1_200, audience.known());
    assertEquals(1_000, audience.reachable());
    assertEquals(List.of(new Excluded("not_heard", 70)), audience.excluded());
    assertEquals(List.of(new Chip("ndp101", 100), new Chip("ndp120", 900)), audience.chips());
    assertEquals(
        List.of(new Habitat("car", 400, 1, 0.25, 24), new Habitat("kitchen", 600, 0.4, 0.5, 24)),
        audience.habitats());
    assertEquals(List.of("home/a"), audience.sample());
  }

  @Test
  void stages_countDevicesAndBytes() {
    RolloutPreview preview = RolloutPreview.of(PLAN, CENSUS, 100, CHIPS);
    StagePreview first = preview.stages().get(0);
    StagePreview second = preview.stages().get(1);
    assertEquals(
        List.of(50L, 950L, 50L), List.of(first.treated(), first.control(), first.joining()));
    assertEquals(
        List.of(500L, 500L, 450L), List.of(second.treated(), second.control(), second.joining()));
    assertEquals(5_000, first.bytes());
    assertEquals(45_000, second.bytes());
    assertEquals(50_000, preview.totalBytes());
  }

  @Test
  void holdback_isNeverTreated() {
    Plan all =
        PlanFormat.read(
            "{release: 'hey-nova:1.1.0', cohort: 'true', stages: [{percent: 100}],"
                + " holdback_percent: 5}");
    StagePreview stage = RolloutPreview.of(all, CENSUS, 1, CHIPS).stages().getFirst();
    assertEquals(950, stage.treated());
    assertEquals(50, stage.control());
  }

  /**
   * Stage 1: 50 offers at 10 a minute take 5 min, before the 40th success at 4 + 2 min. Stage 2
   * begins with 50 successes, so at 20 a minute, and has 450 offers.
   */
  @Test
  void times_followTheGrowingRateAndTheSoaks() {
    List<StagePreview> stages = RolloutPreview.of(PLAN, CENSUS, 100, CHIPS).stages();
    assertEquals(5, stages.get(0).offersMinutes(), 1e-9);
    assertEquals(22.5, stages.get(1).offersMinutes(), 1e-9);
    assertEquals(6 + 5 / 60.0, stages.get(0).passesEarliestHours(), 1e-9);
    assertEquals(18 + 27.5 / 60.0, stages.get(1).passesEarliestHours(), 1e-9);
    // The margins take 10.517 h (more than the soak) and 6.14 h (less).
    assertEquals(
        10.517 + 5 / 60.0 + 12 + 22.5 / 60.0,
        stages.get(1).passesLikelyHours().orElseThrow(),
        0.02);
  }

  @Test
  void minimumExposure_holdsAStageUntilItIsGathered() {
    // 50 treated devices listen 50 * (600 * .5 + 400 * .25) / 1000 = 20 h in an hour.
    Stage patient = new Stage(5, PLAN.stage(1).soak(), 200, Margins.of(1.5));
    Plan plan =
        new Plan(
            PLAN.release(),
            PLAN.cohort(),
            PLAN.schedule(),
            List.of(patient),
            PLAN.holdbackPercent(),
            PLAN.priority(),
            PLAN.offers(),
            PLAN.heardWithin(),
            PLAN.trial(),
            PLAN.install(),
            PLAN.deadlines(),
            PLAN.gates(),
            PLAN.approval());
    StagePreview stage = RolloutPreview.of(plan, CENSUS, 1, CHIPS).stages().getFirst();
    assertEquals(10 + 5 / 60.0, stage.passesEarliestHours(), 1e-9);
  }

  /**
   * Computed independently from the formulas of the design, alpha = 0.01 x 0.4 x 0.8. Stage 1 after
   * 24 h: kitchens M = a = .4 x .5 x 24 = 4.8, 30 v 570; cars M = a = 6, 20 v 380; J = 74.85 +
   * 61.39. When stage 2 begins, stage 1 has taken 6.083 h: they are history, too.
   */
  @Test
  void detectableEffects_areThoseOfTheDesignsFormulas() {
    List<StagePreview> stages = RolloutPreview.of(PLAN, CENSUS, 100, CHIPS).stages();
    assertEffects(stages.get(0), 3.935441, 0.883602, 0.477952, 0.883602);
    List<Detectable> second = stages.get(1).detectable();
    assertEquals(0.864660, second.get(0).effect().orElseThrow(), 1e-5);
    assertEquals(0.316673, second.get(1).effect().orElseThrow(), 1e-5);
    assertEquals(0.184188, second.get(2).effect().orElseThrow(), 1e-5);
    assertEquals(12, stages.get(1).atEndOfSoak().hours());
    assertEquals(10.517, stages.get(0).marginHours().orElseThrow(), 0.02);
    assertEquals(6.1415, stages.get(1).marginHours().orElseThrow(), 0.01);
  }

  @Test
  void stageThatCantSeeItsMargin_isWarnedAbout() {
    List<String> warnings = RolloutPreview.of(PLAN, CENSUS, 100, CHIPS).warnings();
    assertEquals(
        List.of(
            "stage 1 treats 50 devices: no increase below +88 % is seen in its soak of 6h, its"
                + " margin asks for +50 %; raise percent or soak",
            "stage 1 is likely extended: its margin of 1.50x takes about 11 h to show, its soak is"
                + " 6h"),
        warnings);
  }

  @Test
  void stageOfAFewDevices_seesNothingAtAll() {
    Census few =
        CENSUS.toBuilder()
            .setReachable(10)
            .clearStrata()
            .addStrata(stratum(Environment.CAR, "ndp120", 10, 0.25, 1))
            .build();
    RolloutPreview preview = RolloutPreview.of(PLAN, few, 100, CHIPS);
    assertEquals(OptionalDouble.empty(), preview.stages().getFirst().atEndOfSoak().effect());
    assertEquals(OptionalDouble.empty(), preview.stages().get(1).passesLikelyHours());
    assertTrue(
        preview
            .warnings()
            .contains(
                "stage 2 treats 5 devices: no increase at all is seen in its soak of 12h, its"
                    + " margin asks for +25 %; raise percent or soak"),
        preview.warnings().toString());
  }

  @Test
  void emptyCohort_isSaidOnce() {
    RolloutPreview preview = RolloutPreview.of(PLAN, Census.getDefaultInstance(), 100, CHIPS);
    assertEquals(
        List.of("no reachable device is in the cohort: the rollout would only wait"),
        preview.warnings());
    assertEquals(0, preview.totalBytes());
  }

  @Test
  void fleetWithoutFalseAccepts_isNotJudged() {
    Census quiet =
        CENSUS.toBuilder()
            .clearStrata()
            .addStrata(stratum(Environment.CAR, "ndp120", 1_000, 0.25, 0))
            .build();
    assertEquals(
        List.of(
            "no false accept was counted on these devices lately: what the gates would see can't"
                + " be said"),
        RolloutPreview.of(PLAN, quiet, 100, CHIPS).warnings());
  }

  /**
   * 60 a minute, doubling with every 100 successes, which lag by 1 min. Successes 100, 200, 300
   * come at 2.6667, 4, 4.8333 min, when 160, 320, 520 offers are out.
   */
  @Test
  void offers_growWithSuccessesThatLag() {
    OfferRate rate = new OfferRate(60, 2, 100, 6_000, 1_000);
    assertEquals(100 / 60.0, OfferForecast.minutes(rate, 100, 0, 1), 1e-9);
    assertEquals(160 / 60.0, OfferForecast.minutes(rate, 160, 0, 1), 1e-9);
    assertEquals(4, OfferForecast.minutes(rate, 320, 0, 1), 1e-9);
    assertEquals(4 + 200 / 240.0, OfferForecast.minutes(rate, 520, 0, 1), 1e-9);
    assertEquals(0, OfferForecast.minutes(rate, 0, 0, 1), 0);
  }

  @Test
  void offers_areHeldBackByTheDownloadLimit() {
    OfferRate rate = new OfferRate(60, 1, 1, 60, 30);
    assertEquals(10, OfferForecast.minutes(rate, 300, 0, 30), 1e-9);
  }

  @Test
  void offersOfALaterStage_beginAtTheRateThatEarlierSuccessesEarned() {
    OfferRate rate = new OfferRate(60, 2, 100, 6_000, 10_000);
    assertEquals(1, OfferForecast.minutes(rate, 240, 299, 30), 1e-9);
  }

  private static void assertEffects(StagePreview stage, double... effects) {
    for (int i = 0; i < effects.length; i++) {
      assertEquals(effects[i], stage.detectable().get(i).effect().orElseThrow(), 1e-5);
    }
  }

  private static Census.Stratum stratum(
      Environment home, String chip, int devices, double duty, double rate) {
    double listening = 24 * duty * devices;
    return Census.Stratum.newBuilder()
        .setHome(home)
        .setChip(chip)
        .setDevices(devices)
        .setHours(24.0 * devices)
        .setListeningHours(listening)
        .setFalseAccepts(Math.round(rate * listening))
        .build();
  }
}

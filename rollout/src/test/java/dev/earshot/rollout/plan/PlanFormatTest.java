package dev.earshot.rollout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanFormatTest {
  private static final String SHORTEST =
      """
      release: hey-nova:1.1.0
      cohort: device.chip == "ndp120"
      """;

  @Test
  void shortestPlan_hasCarefulDefaults() {
    Plan plan = PlanFormat.read(SHORTEST);
    assertEquals(Plan.DEFAULT_STAGES, plan.stages());
    assertEquals(5, plan.holdbackPercent());
    assertEquals(OfferRate.DEFAULT, plan.offers());
    assertEquals(GatePolicy.DEFAULT, plan.gates());
    assertEquals(Deadlines.DEFAULT, plan.deadlines());
  }

  @Test
  void writtenPlan_readsBackTheSame() {
    Plan plan =
        PlanFormat.read(
            SHORTEST
                + """
                start_at: 2027-01-31T08:00:00Z
                stages:
                  - {percent: 10, soak: 90m, margin: 1.8}
                  - {percent: 60}
                offers: {per_minute: 12000}
                trial: 45s
                gates: {on_harm: pause, max_failure_percent: 2.5}
                deadlines: {offered: PT1H}
                """);
    assertEquals(plan, PlanFormat.read(PlanFormat.write(plan).toString()));
    assertEquals(Duration.ofMinutes(90), plan.stage(1).soak());
    assertEquals(GatePolicy.OnHarm.PAUSE, plan.gates().onHarm());
    assertEquals(12_000, plan.offers().maxPerMinute());
  }

  @Test
  void everythingThatIsWrong_isSaidAtOnce() {
    List<InvalidPlan.FieldError> errors =
        errors(
            """
            release: hey-nova
            cohort: device.chop == "ndp120"
            stages:
              - {percent: 10, soak: soon}
              - {percent: 0}
            holdback: 5
            gates: {alpha: 2, on_harm: explode}
            offers: {per_minute: fast}
            """);
    List<String> fields = errors.stream().map(InvalidPlan.FieldError::field).toList();
    assertEquals(
        List.of(
            "release",
            "cohort",
            "stages[0].soak",
            "stages[1].percent",
            "offers.per_minute",
            "gates.on_harm",
            "gates.alpha",
            "holdback"),
        fields);
    assertEquals(
        "'soon' (expected: a duration such as 90s, 30m, 6h, 2d or PT30M)", errors.get(2).message());
    assertEquals("0.0 (expected: above 0 to 100)", errors.get(3).message());
    assertTrue(errors.getLast().message().startsWith("unknown (known: release, cohort, "));
  }

  @Test
  void stagesThatShrink_areRefused() {
    assertEquals(
        "[FieldError[field=stages[1].percent, message=5.0 (expected: more than the stage before,"
            + " 10.0)]]",
        errors(SHORTEST + "stages: [{percent: 10}, {percent: 5}]").toString());
  }

  @Test
  void brokenYaml_namesTheLine() {
    InvalidPlan.FieldError error = errors("release: hey-nova:1.1.0\ncohort: 'true\n").getFirst();
    assertEquals("plan", error.field());
    assertTrue(error.message().startsWith("line "), error.message());
  }

  @Test
  void emptyDocument_isRefused() {
    assertEquals(
        "expected: fields such as release and cohort, in YAML or JSON",
        errors("").getFirst().message());
  }

  private static List<InvalidPlan.FieldError> errors(String text) {
    return assertThrows(InvalidPlan.class, () -> PlanFormat.read(text)).errors();
  }
}

package dev.earshot.rollout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.document.Document;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class PlanFormatTest {
  @Provide
  Arbitrary<Plan> plans() {
    return Plans.any();
  }

  @Property(tries = 150)
  void anyPlan_readsBackTheSameFromJsonAndYaml(@ForAll("plans") Plan plan) {
    assertEquals(plan, PlanFormat.read(PlanFormat.write(plan).toString()));
    assertEquals(plan, PlanFormat.read(PlanFormat.write(plan).toPrettyString()));
    assertEquals(plan, PlanFormat.read(PlanFormat.writeYaml(plan)));
  }

  @Test
  void shortestPlan_hasCarefulDefaults() {
    Plan plan = PlanFormat.read(Plans.SHORTEST);
    assertEquals(Plan.of(plan.release(), plan.cohort()), plan);
    assertEquals(Plan.DEFAULT_STAGES, plan.stages());
    assertEquals(5, plan.holdbackPercent());
  }

  @Test
  void everyField_isRead() {
    Plan plan = PlanFormat.read(Plans.FULL);
    assertEquals(7, plan.priority());
    assertEquals(
        new Schedule(
            Instant.parse("2027-01-31T08:00:00Z"),
            List.of(
                new Window(
                    LocalTime.of(1, 0),
                    LocalTime.of(5, 0),
                    EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY))),
            List.of(
                new Freeze(
                    Instant.parse("2026-12-20T00:00:00Z"),
                    Instant.parse("2027-01-02T00:00:00Z"),
                    "holidays"))),
        plan.schedule());
    assertEquals(
        List.of(
            new Stage(1, Duration.ofHours(6), 500, new Margins(2, 1.5, 1.1)),
            new Stage(100, Duration.ofHours(24), 0, Margins.of(1.15))),
        plan.stages());
    assertEquals(4, plan.holdbackPercent());
    assertEquals(new Approval(1, Set.of("alice", "bob"), true, true), plan.approval());
    assertEquals(new OfferRate(60, 3, 200, 7_000, 2_000), plan.offers());
    assertEquals(Duration.ofHours(1), plan.heardWithin());
    assertEquals(Duration.ofMinutes(45), plan.trial());
    assertEquals(
        new Deadlines(
            Duration.ofHours(11),
            Duration.ofHours(5),
            Duration.ofHours(4),
            Duration.ofHours(3),
            Duration.ofHours(23),
            Duration.ofDays(6),
            2,
            Duration.ofMinutes(5)),
        plan.deadlines());
    assertEquals(new InstallPolicy(true, 30, true, 1_000_000), plan.install());
    assertEquals(0.02, plan.gates().alpha());
    assertEquals(6, plan.gates().maxFailurePercent());
    assertEquals(Duration.ofHours(4), plan.gates().silenceAfter());
    assertEquals(OnHarm.ROLLBACK, plan.gates().onHarm());
    assertEquals(
        Map.of(
            Metric.FALSE_ACCEPTS, OnHarm.ROLLBACK,
            Metric.FALSE_REJECTS, OnHarm.PAUSE,
            Metric.POWER, OnHarm.PAUSE,
            Metric.BATTERY, OnHarm.PAUSE,
            Metric.CRASHES, OnHarm.ROLLBACK,
            Metric.SILENCE, OnHarm.PAUSE,
            Metric.FAILED_UPDATES, OnHarm.PAUSE),
        plan.gates().actions());
  }

  @Test
  void stageThatNamesItsSizeOnly_isAsCarefulAsTheDefaultOfThatSize() {
    Plan plan = PlanFormat.read(Plans.SHORTEST + "stages: [{percent: 2}, {percent: 100}]");
    assertEquals(new Stage(2, Duration.ofHours(12), 1.5), plan.stage(1));
    assertEquals(new Stage(100, Duration.ofHours(24), 1.15), plan.stage(2));
  }

  @Test
  void marginsWithoutFalseAccepts_stillAskForThem() {
    Margins margins =
        PlanFormat.read(Plans.SHORTEST + "stages: [{percent: 25, margins: {power: 1.1}}]")
            .stage(1)
            .margins();
    assertEquals(1.25, margins.falseAccepts());
    assertEquals(1.1, margins.power());
    assertNull(margins.falseRejects());
  }

  @Test
  void approvalThatNamesOnlyPeople_asksOneOfThem() {
    Approval approval = PlanFormat.read(Plans.SHORTEST + "approval: {by: [alice]}").approval();
    assertEquals(new Approval(1, Set.of("alice"), true, true), approval);
    assertEquals(0, PlanFormat.read(Plans.SHORTEST).approval().count());
  }

  @Test
  void fasterStart_raisesTheMostToo() {
    OfferRate offers = PlanFormat.read(Plans.SHORTEST + "offers: {per_minute: 12000}").offers();
    assertEquals(12_000, offers.maxPerMinute());
  }

  @Test
  void jsonWithTabs_isRead() {
    Plan plan = PlanFormat.read("{\n\t\"release\": \"a:1.0.0\",\n\t\"cohort\": \"tr\\u0075e\"}");
    assertEquals("true", plan.cohort());
  }

  @Test
  void flowYamlThatBeginsLikeJson_isRead() {
    assertEquals("true", PlanFormat.read("{\"release\": a:1.0.0, cohort: \"true\"}").cohort());
  }

  @Test
  void writtenPlan_saysWholeNumbersShortly() {
    String json = PlanFormat.write(PlanFormat.read(Plans.FULL)).toString();
    assertTrue(json.contains("\"percent\":100,\"soak\":\"1d\""), json);
    assertTrue(json.contains("\"margins\":{\"false_accepts\":1.15}"), json);
  }

  @Test
  void flagOfARequest_isTakenOutOfThePlan() {
    Document document = PlanFormat.parse(Plans.SHORTEST + "start: true");
    assertTrue(document.takeFlag("start"));
    assertEquals(PlanFormat.read(Plans.SHORTEST), PlanFormat.read(document));
  }
}

package dev.earshot.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.simulator.report.Checked;
import dev.earshot.simulator.report.JunitReport;
import dev.earshot.simulator.report.ReportFigure;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.report.RunReport;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.verify.Verification;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VirtualScenariosTest {
  private static final String CAR_REGRESSION =
      """
      regressions:
        - {release: "hey-nova:1.1.0", metric: false_accepts, factor: 10, environments: [car]}
      expect:
        - rollout ramp is ROLLED_BACK before 7h
        - installed devices = 0
        - lost acknowledged heartbeats = 0
        - differences = 0
      """;

  /**
   * Of {@link #CAR_REGRESSION} over 120 devices: on any machine. Another one after a change of what
   * devices draw, say or are told is right; another one without such a change is a bug.
   */
  private static final String PINNED =
      "6a5aa9796937823ff21889ed95ff756294d8fd1af290562b955c8857dc682d47";

  private final ScenarioServices virtual = new ScenarioServices();

  @Test
  void plantedRegression_isRolledBackTwiceInTheSameWay_andVerified() throws IOException {
    Scenario scenario =
        Scenarios.rollout(
            "{count: 120, environments: {car: 1}}", "7h", "hey-nova:1.1.0", CAR_REGRESSION);
    RunReport report = virtual.virtual(scenario);
    RunReport again = virtual.virtual(scenario);
    RunReport other = virtual.virtual(scenario.withSeed(8));

    assertTrue(report.passes(), () -> differences(report));
    assertEquals(
        List.of("running", "rolling_back", "rolled_back"),
        report.moves().stream().map(RolloutMove::state).toList());
    assertTrue(report.figures().of(ReportFigure.ROLLED_BACK_UPDATES).orElseThrow() > 30);
    assertEquals(report, again);
    assertEquals(PINNED, report.hash().orElseThrow());
    assertNotEquals(report.hash(), other.hash());
    assertFalse(JunitReport.write(report, Duration.ofSeconds(1)).contains("<failure"));
  }

  @Test
  void goodRelease_succeeds_andIsVerified() throws IOException {
    RunReport report =
        virtual.virtual(
            Scenarios.rollout(
                100,
                "8h",
                "hey-nova:1.1.0",
                """
                expect:
                  - rollout ramp is succeeded before 8h
                  - failed updates = 0
                """));
    assertTrue(report.passes(), () -> differences(report));
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void everyFault_leavesTheCountsEqualOrWithinBounds(Fault.Kind kind) throws IOException {
    RunReport report =
        virtual.virtual(
            Scenarios.rollout(40, "8h", "hey-nova:1.1.0", "")
                .withFaults(List.of(Faults.strong(kind))));
    Verification verification = report.verification().orElseThrow();
    assertTrue(verification.holds(), () -> verification.rule() + "\n" + differences(report));
    assertEquals(
        Faults.destroysHeartbeats(kind), !verification.isExact(), () -> verification.rule());
    assertEquals(0, report.figures().of(ReportFigure.LOST_ACKNOWLEDGED_HEARTBEATS).orElseThrow());
  }

  @Test
  void expectationThatIsNotMet_failsTheRun_andSaysWhatWasFound() throws IOException {
    RunReport report =
        virtual.virtual(
            Scenarios.rollout(
                20,
                "4h",
                "hey-nova:1.1.0",
                """
                expect:
                  - rollout ramp is rolled_back
                  - false accepts < 1
                """));
    assertFalse(report.passes());
    assertEquals("rollout ramp is running since 3h", report.expectations().getFirst().found());
    String junit = JunitReport.write(report, Duration.ofSeconds(1));
    assertTrue(junit.contains("failures=\"2\""), junit);
    assertTrue(junit.contains("<failure message=\"rollout ramp is running since 3h\""), junit);
  }

  @Test
  void unknownFigure_isRefusedBeforeAnythingRuns() {
    Scenario scenario = Scenarios.rollout(20, "4h", "hey-nova:1.1.0", "expect: [false acepts = 0]");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Checked.requireKnown(scenario.expectations()));
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith(
                "expect: 'false acepts = 0': figure 'false acepts' is not known (expected: one of"
                    + " devices, connected devices, installed devices,"),
        refused.getMessage());
  }

  @Test
  void releaseThatNobodyKnows_isNamedWithThoseThatThereAre() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> virtual.virtual(Scenarios.rollout(5, "4h", "hey-nova:9.9.9", "")));
    assertEquals(
        "rollout ramp: release hey-nova:9.9.9 is not known (expected: one of hey-nova:1.0.0,"
            + " hey-nova:1.1.0, hey-nova:1.2.0)",
        refused.getMessage());
  }

  private static String differences(RunReport report) {
    StringBuilder text = new StringBuilder();
    report
        .expectations()
        .forEach(one -> text.append(one.holds()).append(' ').append(one.found()).append('\n'));
    report
        .verification()
        .ifPresent(
            compared -> {
              compared.differences().stream()
                  .limit(20)
                  .forEach(line -> text.append(line).append('\n'));
              compared.remarks().stream().limit(20).forEach(line -> text.append(line).append('\n'));
            });
    return text.toString();
  }
}

package dev.earshot.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.DeviceGroup.Battery;
import dev.earshot.simulator.scenario.DeviceGroup.Churn;
import dev.earshot.simulator.scenario.DeviceGroup.Move;
import dev.earshot.simulator.world.PopulationMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ScenarioFormatTest {
  private static final Path SHIPPED = Path.of("scenarios");

  @Test
  void shortScenario_hasCarefulDefaults() {
    Scenario scenario = ScenarioFormat.read("groups: [{count: 500}]");
    assertEquals("scenario", scenario.name());
    assertEquals(500, scenario.devices());
    assertEquals(ReleaseRef.parse("hey-nova:1.0.0"), scenario.factoryRelease());
    assertEquals(Duration.ofDays(1), scenario.duration());
    assertEquals(Duration.ofMinutes(15), scenario.heartbeatInterval());
    DeviceGroup group = scenario.groups().getFirst();
    assertEquals("group-1", group.name());
    assertEquals(PopulationMix.standard(), group.mix());
    assertEquals(Battery.STANDARD, group.battery());
    assertEquals(Churn.NONE, group.churn());
  }

  @Test
  void everyField_isRead() {
    Scenario scenario = ScenarioFormat.read(Scenarios.FULL);
    assertEquals(7, scenario.seed());
    assertEquals("lab", scenario.fleet());
    assertEquals(
        new Scenario.Arrival(Scenario.Arrival.Shape.RAMP, Duration.ofMinutes(10), 500),
        scenario.arrival());
    DeviceGroup phones = scenario.groups().getFirst();
    assertEquals(Map.of(Environment.QUIET, .6, Environment.CAR, .4), phones.mix().environments());
    assertEquals(
        List.of(new PopulationMix.Region("eu", .5, 60), new PopulationMix.Region("moon", .5, 30)),
        phones.mix().regions());
    assertEquals(new Battery(15_000, .9), phones.battery());
    assertEquals(new Churn(1, Duration.ofHours(2)), phones.churn());
    assertEquals(
        List.of(new Move(Environment.QUIET, Environment.CAR, 2, Duration.ofMinutes(40))),
        phones.moves());
    assertEquals(
        new Fault(
            Fault.Kind.LATENCY,
            .2,
            1500,
            Duration.ofHours(1),
            Duration.ofHours(3),
            Set.of("phones")),
        scenario.faults().getFirst());
    assertEquals(-7200, scenario.faults().get(2).magnitude());
    assertEquals(60, scenario.faults().get(7).magnitude());
    assertEquals(.01, scenario.faults().get(8).rate(), "a brick is rare");
    assertEquals(Duration.ofDays(2), scenario.faults().get(8).until());
    assertEquals(
        new Regression(
            ReleaseRef.parse("hey-nova:1.1.0"),
            Regression.Metric.FALSE_ACCEPTS,
            3,
            Set.of(Environment.CAR)),
        scenario.regressions().getFirst());
    assertEquals(
        List.of(
            new Expectation.RolloutState(
                "rollout ramp is ROLLED_BACK before 20h",
                "ramp",
                "rolled_back",
                Optional.of(Duration.ofHours(20))),
            new Expectation.Figure(
                "lost acknowledged heartbeats = 0", "lost acknowledged heartbeats", "=", 0)),
        scenario.expectations());
  }

  @Test
  void planInAScenario_keepsTheScenariosLines() {
    List<String> lines = Scenarios.FULL.lines().toList();
    Scenario scenario = ScenarioFormat.read(Scenarios.FULL);
    String asFields = scenario.rollouts().getFirst().plan();
    String asText = scenario.rollouts().get(1).plan();
    assertEquals(
        lines.indexOf("    plan:") + 1, asFields.lines().count(), "all on its field's line");
    int release = asText.lines().toList().indexOf("release: hey-nova:1.2.0");
    assertEquals("      release: hey-nova:1.2.0", lines.get(release));
  }

  @Test
  void everythingThatIsWrong_isSaidAtOnceWithItsLine() {
    assertErrors(
        """
        sead: 3
        release: hey-nova
        duration: 0s
        groups:
          - name: phones
            count: 0
            chip: ndp121
            environments: {kitchn: 1, car: -1}
            churn: {leaves_per_day: often}
            moves:
              - {from: car, to: car}
          - {name: phones, battery: {health: 2}}
        faults:
          - {kind: packet_los}
          - {kind: latency, rate: 2, seconds: 3}
          - {kind: brick, from: 3h, until: 2h, groups: [fones]}
          - {kind: gateway_loss, groups: [phones]}
          - {kind: bandwidth, bytes_per_second: 0}
        regressions:
          - {metric: crashes, factor: 100000, release: a:1.0.0}
        rollouts:
          - {id: ramp}
        expect:
          - rollout ramp is rolledback
          - rollout rump is succeeded
          - lost heartbeats are few
        """,
        "sead, 1, unknown; did you mean seed?",
        "release, 2, release: 'hey-nova' (expected: name:version, such as hey-nova:1.4.0)",
        "duration, 3, 0s (expected: above 0s to 365d)",
        "groups[0].count, 6, 0 (expected: 1 to 1000000)",
        "groups[0].chip, 7, 'ndp121' (expected: ndp101 or ndp120); did you mean ndp101?",
        "groups[0].environments.car, 8, -1 (expected: 0 to 1000000000)",
        "groups[0].environments.kitchn, 8, unknown; did you mean kitchen?",
        "groups[0].churn.leaves_per_day, 9, 'often' (expected: a number)",
        "groups[0].moves[0].to, 11, car (expected: another environment than from)",
        "groups[1].battery.health, 12, 2 (expected: above 0 to 1)",
        "faults[0].kind, 14, 'packet_los' (expected: packet_loss or latency or bandwidth or"
            + " flapping or reconnect_storm or gateway_loss or clock_skew or clock_reset or"
            + " power_loss_in_download or power_loss_in_update or power_loss or corrupt_chunk or"
            + " full_flash or duplicate_heartbeat or reordered_heartbeat or brick or"
            + " battery_ageing); did you mean packet_loss?",
        "faults[1].seconds, 15, has no meaning for latency (expected: milliseconds)",
        "faults[1].rate, 15, 2 (expected: 0 to 1)",
        "faults[2].until, 16, 2h (expected: after from)",
        "faults[3].groups, 17, [phones] (expected: none, as gateways serve all groups)",
        "faults[4].bytes_per_second, 18, 0 (expected: 1 to 1000000000 (bytes_per_second))",
        "regressions[0].factor, 20, 100000 (expected: 0 to 10000)",
        "rollouts[0].plan, 22, missing (expected: a plan, with fields such as release and cohort)",
        "expect[0], 24, 'rolledback' is no state of a rollout; did you mean rolled_back?",
        "expect[1], 25, 'rump' (expected: ramp?)",
        "expect[2], 26, 'lost heartbeats are few' (expected: 'rollout ID is STATE before 2h' or"
            + " 'figure = 0', with = < <= > or >=)");
  }

  @Test
  void namesThatNobodyHas_areRefusedWithAGuess() {
    assertErrors(
        """
        groups: [{name: phones}, {name: phones}]
        faults: [{kind: brick, groups: [fones]}]
        rollouts: [{id: ramp, at: 2d, plan: "release: a:1.0.0"}]
        expect: [rollout rump is succeeded]
        """,
        "groups[1].name, 1, 'phones' (expected: a name that no other group has)",
        "faults[0].groups, 2, 'fones' (expected: one of [phones])",
        "rollouts[0].at, 3, 2d (expected: before the scenario ends, 1d)",
        "expect[0], 4, 'rump' (expected: ramp?)");
  }

  @Test
  void expectationsInOneText_areSeparatedBySemicolons() {
    Scenario scenario =
        ScenarioFormat.read(
            """
            rollouts: [{id: R, plan: "release: a:1.0.0"}]
            expect: rollout R is ROLLED_BACK before 2h; lost acknowledged heartbeats = 0
            """);
    assertEquals(2, scenario.expectations().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "false accepts per hour in car <= 2.5 | false accepts per hour in car | <= | 2.5",
        "Lost  heartbeats=0 | lost heartbeats | = | 0",
        "connect latency p99 < 200 | connect latency p99 | < | 200"
      })
  void figure_isReadWithItsComparison(String text, String figure, String comparison, double limit) {
    assertEquals(
        new Expectation.Figure(text, figure, comparison, limit), ExpectationParser.parse(text));
  }

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void shippedScenario_isGood(Path file) throws IOException {
    Scenario scenario = ScenarioFormat.read(Files.readString(file));
    assertEquals(file.getFileName().toString(), scenario.name() + ".yaml");
  }

  @Test
  void everyFaultScenario_hasEveryFaultAndEveryRegression() throws IOException {
    Scenario scenario = ScenarioFormat.read(Files.readString(SHIPPED.resolve("every-fault.yaml")));
    assertEquals(
        EnumSet.allOf(Fault.Kind.class),
        scenario.faults().stream()
            .map(Fault::kind)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.Kind.class))));
    assertEquals(
        EnumSet.allOf(Regression.Metric.class),
        scenario.regressions().stream()
            .map(Regression::metric)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Regression.Metric.class))));
  }

  @Test
  void carRegression_isAboutTenLines() throws IOException {
    long lines =
        Files.readString(SHIPPED.resolve("car-regression.yaml"))
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .count();
    assertTrue(lines <= 11, lines + " lines");
  }

  private static void assertErrors(String text, String... expected) {
    InvalidDocument refused = assertThrows(InvalidDocument.class, () -> ScenarioFormat.read(text));
    assertEquals(
        String.join("\n", expected),
        refused.errors().stream()
            .map(error -> error.field() + ", " + error.line() + ", " + error.message())
            .collect(Collectors.joining("\n")));
  }
}

package dev.earshot.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.Earshot;
import dev.earshot.cli.up.AllInOne;
import dev.earshot.protocol.clock.FleetClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Scenarios in real time against a running system, as somebody at a terminal runs them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class LiveScenarioIT {
  private static final double SPEED = 600;

  private AllInOne all;
  private Path system;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    system = data;
    FleetClock clock =
        FleetClock.startingAt(Instant.parse("2026-03-01T08:00:00Z"), SPEED, InstantSource.system());
    all = AllInOne.start(data, AllInOne.Ports.ANY, "test-token", clock);
    all.endpoints().write(data);
  }

  @AfterAll
  void stop() {
    all.close();
  }

  @Test
  void scenarioWithFaults_isVerifiedToTheCount_acrossProcesses(@TempDir Path folder)
      throws IOException {
    Path scenario =
        scenario(
            folder,
            """
            name: live
            fleet: live
            duration: 4h
            arrival: {per_second: 100}
            groups: [{count: 150}]
            faults:
              - {kind: flapping, rate: 24}
              - {kind: duplicate_heartbeat, rate: 0.1}
              - {kind: reordered_heartbeat, rate: 0.1}
            rollouts:
              - {id: ramp, at: 1h, plan: {release: hey-nova:1.1.0, cohort: "true", stages: [{percent: 50}], start: true}}
            expect:
              - lost acknowledged heartbeats = 0
              - differences = 0
              - committed updates > 20
              - rollout ramp is RUNNING before 3h
            """);
    Path junit = folder.resolve("junit.xml");

    Answer answer =
        simulate(scenario.toString(), "--system=" + system, "--processes=2", "--junit=" + junit);

    assertEquals(0, answer.status(), answer::text);
    assertTrue(answer.text().contains("equal to the count"), answer::text);
    assertTrue(answer.text().contains("rollout ramp is running, stage 1"), answer::text);
    assertTrue(Files.readString(junit).contains("failures=\"0\""), answer::text);
  }

  @Test
  void expectationThatDoesNotHold_failsTheCommandAndSaysWhatWasFound(@TempDir Path folder)
      throws IOException {
    Path scenario =
        scenario(
            folder,
            """
            fleet: hopeful
            duration: 30m
            heartbeat: 5m
            groups: [{count: 10}]
            expect: [installed devices = 10]
            """);

    Answer answer = simulate(scenario.toString(), "--system=" + system);

    assertEquals(1, answer.status(), answer::text);
    assertTrue(answer.text().contains("FAILED installed devices = 10"), answer::text);
    assertTrue(answer.text().contains("equal to the count"), answer::text);
  }

  @Test
  void planThatCannotBeUsed_isRefusedBeforeAnythingBegins(@TempDir Path folder) throws IOException {
    Path scenario =
        scenario(
            folder,
            """
            groups: [{count: 10}]
            rollouts:
              - {id: ramp, plan: {release: hey-nova:1.1.0}}
            """);

    Answer answer = simulate(scenario.toString(), "--system=" + system);

    assertEquals(2, answer.status(), answer::text);
    assertTrue(
        answer.text().contains("rollouts: ramp: plan: line 3: cohort: missing"), answer::text);
  }

  private record Answer(int status, String text) {}

  private static Path scenario(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("scenario.yaml"), text);
  }

  private static Answer simulate(String... arguments) {
    List<String> all = new ArrayList<>(List.of("simulate"));
    all.addAll(List.of(arguments));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    CommandLine command = Earshot.commandLine().setOut(out).setErr(out);
    int status = command.execute(all.toArray(String[]::new));
    return new Answer(status, text.toString());
  }
}

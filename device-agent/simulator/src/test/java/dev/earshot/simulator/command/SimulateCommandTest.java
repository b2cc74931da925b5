package dev.earshot.simulator.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.scenario.ScenarioFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path pins;

  private String pinned() {
    try {
      TestRelease.ANCHORS.write(pins);
      return pins.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int run(String... args) {
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void help_showsTheFlagsThatLoadTestersKnow() {
    assertEquals(0, run("--help"));
    for (String flag :
        new String[] {
          "-c, --count, --devices",
          "-R, --connrate, --connect-rate",
          "-i=MS",
          "-I, --interval, --interval_of_msg",
          "-p, --port",
          "--ifaddr"
        }) {
      assertTrue(out.toString().contains(flag), out.toString());
    }
  }

  @Test
  void wrongValues_areNamedWithWhatIsExpected() {
    assertEquals(2, run("--trust", pinned(), "-I", "quarter"));
    assertTrue(
        err.toString()
            .contains("'quarter' (expected: a number with ms, s, m, h or d, such as 15m)"),
        err.toString());
    assertEquals(2, run("--trust", pinned(), "--gateway", "nowhere"));
    assertTrue(
        err.toString().contains("gateway: 'nowhere' (expected: host:port, such as localhost:1883)"),
        err.toString());
    assertEquals(1, run("--trust", "abc"));
    assertTrue(err.toString().contains("image-root.json: no such file"), err.toString());
  }

  @Test
  void flagsThatContradict_areRefused() {
    assertEquals(2, run("--trust", pinned(), "-i", "10", "-R", "100"));
    assertTrue(err.toString().contains("-i: together with -R"), err.toString());
    assertEquals(2, run("--trust", pinned(), "--host", "a", "--gateway", "b:1883"));
    assertTrue(err.toString().contains("--host: together with --gateway"), err.toString());
    assertEquals(2, run("--trust", pinned(), "--processes", "101"));
    assertTrue(err.toString().contains("processes: 101 (expected: 1 to 100)"), err.toString());
  }

  @Test
  void schema_isPrinted() {
    assertEquals(0, run("--schema"));
    assertEquals(ScenarioFormat.schema(), out.toString());
  }

  @Test
  void validScenario_isSummedUp() {
    assertEquals(0, run("--validate", "scenarios/commuters.yaml"), err.toString());
    assertEquals(
        """
        commuters: 800 devices of fleet home with hey-nova:1.0.0 for 2d, a heartbeat every 10m, seed 11
          group phones: 500 devices with ndp120 by rates, quiet 70 %, kitchen 30 %; battery 13500 mWh; off 1 times a day for 45m; 3 times a day from quiet to car for 40m; 2 times a day from kitchen to car for 30m
          group speakers: 300 devices with ndp120 by rates, kitchen 100 %; battery 1110 mWh
          regression hey-nova:1.1.0: battery_drain 1.3 in car
          rollout ramp after 1d
        """,
        out.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void faults_areSummedUpWithTheirUnits() {
    assertEquals(0, run("--validate", "scenarios/bad-network.yaml"), err.toString());
    for (String line :
        new String[] {
          "  fault latency: 0.3 of all, milliseconds 3000",
          "  fault flapping: 30 for each device and day",
          "  fault gateway_loss: 0.5 of the gateways, from 8h, until 495m",
        }) {
      assertTrue(out.toString().lines().anyMatch(line::equals), line + " in " + out);
    }
  }

  @Test
  void wrongScenario_isRefusedWithFileAndLineOfEachError(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("night.yaml");
    Files.writeString(file, "sead: 1\ngroups: [{count: 0}]\n");
    assertEquals(1, run("--validate", file.toString()));
    assertEquals(
        file
            + ":1: sead: unknown; did you mean seed?\n"
            + file
            + ":2: groups[0].count: 0 (expected: 1 to 1000000)\n",
        err.toString().replace(System.lineSeparator(), "\n"));
    assertEquals(2, run("--trust", pinned(), file.toString()));
    assertEquals(1, run("--validate", folder.resolve("day.yaml").toString()));
    assertTrue(err.toString().contains("day.yaml: no such file"), err.toString());
    assertEquals(2, run("--validate"));
    assertTrue(err.toString().contains("--validate: no scenario"), err.toString());
  }

  @Test
  void flagThatTheScenarioSays_isRefusedBesideIt() {
    assertEquals(2, run("--trust", pinned(), "-c", "5", "scenarios/quiet-night.yaml"));
    assertTrue(
        err.toString().contains("--devices: together with a scenario, which says that itself"),
        err.toString());
  }

  @Test
  void runWithoutTrust_isRefused() {
    assertEquals(2, run("scenarios/quiet-night.yaml"));
    assertTrue(err.toString().contains("--trust: missing"), err.toString());
  }

  @Test
  void registryThatIsNotThere_isOneLine() {
    assertEquals(1, run("--trust", pinned(), "--registry", "http://127.0.0.1:1"));
    assertTrue(
        err.toString()
            .startsWith(
                "simulate: factory release hey-nova:1.0.0: GET http://127.0.0.1:1/v1/trust/image/timestamp.json"),
        err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void durations_areReadAsPeopleTypeThem() {
    assertEquals(Duration.ofMillis(250), ShortDuration.parse("250ms"));
    assertEquals(Duration.ofSeconds(90), ShortDuration.parse("90s"));
    assertEquals(Duration.ofMinutes(15), ShortDuration.parse("15m"));
    assertEquals(Duration.ofHours(2), ShortDuration.parse("2h"));
    assertEquals(Duration.ofDays(7), ShortDuration.parse("7d"));
    assertEquals(Duration.ofSeconds(1), ShortDuration.parse("1000"));
    assertThrows(IllegalArgumentException.class, () -> ShortDuration.parse("0s"));
  }
}

package dev.earshot.simulator.command;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.report.Checked;
import dev.earshot.simulator.report.Figures;
import dev.earshot.simulator.report.JsonReport;
import dev.earshot.simulator.report.JunitReport;
import dev.earshot.simulator.report.ReportText;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.report.RunReport;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.verify.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Virtual time, and what is written about a run. */
final class ReportOptions {
  private static final double MILLIS_PER_HOUR = 3_600_000;
  private static final double NANOS = 1e9;

  @Option(
      names = "--virtual",
      description = {
        "Runs the scenario in virtual time: hours in seconds, without sockets, rollout engine and"
            + " monitoring included, and always in the same way (the hash at the end says so).",
        "Knows the releases that are part of this program."
      })
  boolean virtual;

  @Option(
      names = "--verify",
      description =
          "In the end compares what happened with what is in Kafka and with what monitoring shows;"
              + " a scenario always does.")
  boolean verify;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description = "Writes figures, rollouts, expectations and verification there.")
  @Nullable Path report;

  @Option(
      names = "--junit",
      paramLabel = "FILE.xml",
      description = "Writes expectations and verification there, as JUnit's XML.")
  @Nullable Path junit;

  /**
   * Runs in virtual time, prints and writes the report.
   *
   * @return 0 when it passes, else 1
   */
  int runVirtual(Scenario scenario, ScenarioRuns runs, PrintWriter out) throws IOException {
    Checked.requireKnown(scenario.expectations());
    long began = System.nanoTime();
    RunReport came = runs.virtual(scenario);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    ReportText.print(came, out);
    double deviceHours = scenario.devices() * (scenario.duration().toMillis() / MILLIS_PER_HOUR);
    out.printf(
        Locale.ROOT,
        "%,.0f device-hours in %.1f s: %,.0f a second%n",
        deviceHours,
        took.toNanos() / NANOS,
        deviceHours / (took.toNanos() / NANOS));
    out.flush();
    write(came, took);
    return came.passes() ? 0 : 1;
  }

  /** Whether a report was asked for. */
  boolean isWanted() {
    return verify || report != null || junit != null;
  }

  /**
   * Finds out before anything begins whether what is asked can be answered.
   *
   * @throws IllegalArgumentException when it can't
   */
  void requireAnswerable(Scenario scenario, Optional<LiveSystem> live) {
    Checked.requireKnown(scenario.expectations());
    if (live.isEmpty() && (verify || !scenario.rollouts().isEmpty())) {
      throw new IllegalArgumentException(
          "--trust: together with "
              + (verify ? "--verify" : "a scenario that starts rollouts")
              + " (fix: leave it out, so that the fleet joins an `earshot up` of this machine)");
    }
  }

  /**
   * Says what came of a fleet in real time, prints and writes it.
   *
   * @param fleet after it has come to rest
   * @param beganNanos when the run did, by the machine's monotonic clock
   * @return 0 when it passes, else 1
   */
  int live(
      Scenario scenario,
      FleetReport fleet,
      Optional<LiveSystem> live,
      long beganNanos,
      PrintWriter out)
      throws IOException {
    Optional<Verification> verification =
        live.isPresent()
            ? Optional.of(live.get().verify(fleet.truth(), fleet.heartbeats()))
            : Optional.empty();
    List<RolloutMove> moves = live.map(LiveSystem::moves).orElse(List.of());
    Figures figures =
        Figures.of(
            scenario.factoryRelease().toString(),
            fleet.stats(),
            fleet.truth(),
            fleet.fates(),
            fleet.heartbeats(),
            verification);
    RunReport came =
        new RunReport(
            scenario,
            /* virtual= */ false,
            Optional.empty(),
            figures,
            moves,
            Checked.all(scenario.expectations(), figures, moves),
            verification);
    ReportText.print(came, out);
    write(came, Duration.ofNanos(System.nanoTime() - beganNanos));
    return came.passes() ? 0 : 1;
  }

  /** Writes the files that were asked for. */
  void write(RunReport came, Duration took) throws IOException {
    if (report != null) {
      Files.writeString(report, JsonReport.write(came));
    }
    if (junit != null) {
      Files.writeString(junit, JunitReport.write(came, took));
    }
  }
}

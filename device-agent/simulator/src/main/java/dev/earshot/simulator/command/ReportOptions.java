package dev.earshot.simulator.command;

import dev.earshot.simulator.report.Checked;
import dev.earshot.simulator.report.JsonReport;
import dev.earshot.simulator.report.JunitReport;
import dev.earshot.simulator.report.ReportText;
import dev.earshot.simulator.report.RunReport;
import dev.earshot.simulator.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
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

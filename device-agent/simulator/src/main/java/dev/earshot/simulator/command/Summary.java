package dev.earshot.simulator.command;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.truth.Counts;
import java.io.PrintWriter;
import java.util.Locale;

/** What is said of a fleet at its end. */
final class Summary {
  private static final double MILLIS_PER_HOUR = 3_600_000;
  private static final double MICROJOULES_PER_JOULE = 1e6;

  private final PrintWriter out;

  Summary(PrintWriter out) {
    this.out = out;
  }

  void print(FleetReport report) {
    FleetStats stats = report.stats();
    line(
        "%,d devices, %,d connects, %,d connections lost, %,d power cuts%n",
        stats.devices(), stats.connects(), stats.connectionsLost(), stats.powerCuts());
    line(
        "%,d heartbeats acknowledged (%,d published)%n",
        stats.heartbeatsAcknowledged(), stats.heartbeatsPublished());
    line("updates: %s%n", View.counts(stats.byUpdateState(), "none"));
    line("errors: %s%n", View.counts(report.measurements().errors(), "none"));
    line("%-10s %9s %9s %9s %9s %9s   count%n", "ms", "p50", "p90", "p99", "p99.9", "max");
    for (Operation operation : Operation.values()) {
      out.println(View.latency(operation.label(), report.measurements().time(operation)));
    }
    line(
        "%d processes, %.1f s of processor time, %s%n",
        report.use().processes(),
        report.use().cpuNanos() / 1e9,
        View.machineUse(report.use(), stats.devices()));
    line(
        "%-20s %16s %14s %10s%n",
        "what happened with", "listening hours", "false accepts", "per hour");
    report.truth().happenedByRelease().forEach(this::release);
    Counts missing = report.truth().unacknowledged();
    line(
        "not acknowledged: %,d false accepts, %,.1f listening hours%n",
        missing.falseAccepts(), missing.listeningMillis() / MILLIS_PER_HOUR);
    out.flush();
  }

  void warning(String text) {
    out.println("warning: " + text);
    out.flush();
  }

  private void release(String release, Counts counts) {
    double hours = counts.listeningMillis() / MILLIS_PER_HOUR;
    line(
        "%-20s %,16.1f %,14d %10.3f   (%,.1f J in the chips)%n",
        release,
        hours,
        counts.falseAccepts(),
        hours == 0 ? 0 : counts.falseAccepts() / hours,
        counts.chipMicrojoules() / MICROJOULES_PER_JOULE);
  }

  @SuppressWarnings("AnnotateFormatMethod") // for one private method, no library of annotations
  private void line(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}

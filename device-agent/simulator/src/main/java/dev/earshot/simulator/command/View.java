package dev.earshot.simulator.command;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What a person sees of a running fleet, as text: what changed between two reports, and where it
 * stands.
 *
 * @param before the earlier report
 * @param now the later one
 * @param seconds between them, machine time
 * @param runningSeconds since the start, machine time
 */
record View(FleetReport before, FleetReport now, double seconds, long runningSeconds) {
  private static final double MICROS_PER_MILLI = 1000;

  /** Everything, a screen of lines. */
  List<String> screen() {
    FleetStats stats = now.stats();
    Measurements recent = now.measurements().since(before.measurements());
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "%,d devices in %s, running %d:%02d",
            stats.devices(), processes(), runningSeconds / 60, runningSeconds % 60));
    lines.add(
        text(
            "connected    %,d of %,d   %,.0f connects/s, %,.0f losses/s   %,d connects, %,d losses",
            stats.connected(),
            stats.devices(),
            rate(stats.connects() - before.stats().connects()),
            rate(stats.connectionsLost() - before.stats().connectionsLost()),
            stats.connects(),
            stats.connectionsLost()));
    lines.add(
        text(
            "heartbeats   %,.1f/s acknowledged   %,d acknowledged, %,d published",
            acknowledgedPerSecond(), stats.heartbeatsAcknowledged(), stats.heartbeatsPublished()));
    lines.add("releases     " + counts(stats.byRelease(), "none"));
    lines.add("updates      " + counts(stats.byUpdateState(), "none"));
    lines.add(
        text(
            "%-12s %9s %9s %9s %9s %9s   milliseconds, in the last %,.0f s",
            "latency", "p50", "p90", "p99", "p99.9", "max", seconds));
    for (Operation operation : Operation.values()) {
      lines.add("  " + latency(operation.label(), recent.time(operation)));
    }
    lines.add("errors       " + counts(now.measurements().errors(), "none"));
    lines.add("machine      " + machine());
    return lines;
  }

  /** The same as far as it fits into one line of a log. */
  String line() {
    FleetStats stats = now.stats();
    Histogram acknowledge =
        now.measurements().since(before.measurements()).time(Operation.ACKNOWLEDGE);
    return text(
        "%,d of %,d connected | %,.0f heartbeats/s, %,d acknowledged%s | %s%s%s",
        stats.connected(),
        stats.devices(),
        acknowledgedPerSecond(),
        stats.heartbeatsAcknowledged(),
        acknowledge.getTotalCount() == 0
            ? ""
            : text(", p99 %.1f ms", acknowledge.getValueAtPercentile(99) / MICROS_PER_MILLI),
        counts(stats.byRelease(), "no release"),
        stats.byUpdateState().isEmpty() ? "" : " | updates: " + counts(stats.byUpdateState(), ""),
        now.measurements().errors().isEmpty()
            ? ""
            : " | errors: " + counts(now.measurements().errors(), ""));
  }

  /** One operation's percentiles in milliseconds, in columns. */
  static String latency(String label, Histogram time) {
    if (time.getTotalCount() == 0) {
      return text("%-10s %9s %9s %9s %9s %9s", label, "-", "-", "-", "-", "-");
    }
    return text(
        "%-10s %9.1f %9.1f %9.1f %9.1f %9.1f   %,d",
        label,
        time.getValueAtPercentile(50) / MICROS_PER_MILLI,
        time.getValueAtPercentile(90) / MICROS_PER_MILLI,
        time.getValueAtPercentile(99) / MICROS_PER_MILLI,
        time.getValueAtPercentile(99.9) / MICROS_PER_MILLI,
        time.getMaxValue() / MICROS_PER_MILLI,
        time.getTotalCount());
  }

  static String counts(Map<String, Long> counts, String none) {
    return counts.isEmpty()
        ? none
        : counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + text("%,d", entry.getValue()))
            .collect(Collectors.joining(", "));
  }

  static String machineUse(ProcessUse use, int devices) {
    return text(
        "%,.0f MiB resident, %.1f KiB a device (heap %,.0f MiB), %,d descriptors",
        use.residentBytes() / (double) (1 << 20),
        use.residentBytes() / 1024.0 / Math.max(1, devices),
        use.heapBytes() / (double) (1 << 20),
        use.descriptors());
  }

  private String machine() {
    double cores = (now.use().cpuNanos() - before.use().cpuNanos()) / 1e9 / seconds;
    return text("%.2f processors busy, ", Math.max(0, cores))
        + machineUse(now.use(), now.stats().devices());
  }

  private String processes() {
    return now.use().processes() == 1
        ? "this process"
        : text("%d processes and this one", now.use().processes() - 1);
  }

  private double acknowledgedPerSecond() {
    return rate(now.stats().heartbeatsAcknowledged() - before.stats().heartbeatsAcknowledged());
  }

  private double rate(long count) {
    return count / seconds;
  }

  @SuppressWarnings("AnnotateFormatMethod") // for one private method, no library of annotations
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

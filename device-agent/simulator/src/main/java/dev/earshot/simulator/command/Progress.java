package dev.earshot.simulator.command;

import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a person sees: one line that is rewritten, and a summary at the end. */
final class Progress {
  private static final double MILLIS_PER_HOUR = 3_600_000;
  private static final double MICROJOULES_PER_JOULE = 1e6;

  private final PrintWriter out;
  private final boolean terminal = isTerminal();
  private long lastNanos = System.nanoTime();
  private long lastAcknowledged;
  private int lastLength;

  Progress(PrintWriter out) {
    this.out = out;
  }

  void line(FleetStats stats) {
    long now = System.nanoTime();
    double perSecond =
        (stats.heartbeatsAcknowledged() - lastAcknowledged) / ((now - lastNanos) / 1e9);
    lastNanos = now;
    lastAcknowledged = stats.heartbeatsAcknowledged();
    String text =
        String.format(
            Locale.ROOT,
            "%,d of %,d connected | %,.0f heartbeats/s, %,d acknowledged | %s%s",
            stats.connected(),
            stats.devices(),
            perSecond,
            stats.heartbeatsAcknowledged(),
            list(stats.byRelease()),
            stats.byUpdateState().isEmpty() ? "" : " | updates: " + list(stats.byUpdateState()));
    if (terminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, lastLength - text.length())));
      lastLength = text.length();
    } else {
      out.println(text);
    }
    out.flush();
  }

  void summary(FleetStats stats, Truth truth) {
    if (terminal) {
      out.println();
    }
    out.printf(
        Locale.ROOT,
        "%,d devices, %,d connects, %,d connections lost, %,d power cuts%n",
        stats.devices(),
        stats.connects(),
        stats.connectionsLost(),
        stats.powerCuts());
    out.printf(
        Locale.ROOT,
        "%,d heartbeats acknowledged (%,d published)%n",
        stats.heartbeatsAcknowledged(),
        stats.heartbeatsPublished());
    out.printf(
        "%-20s %16s %14s %10s%n",
        "what happened with", "listening hours", "false accepts", "per hour");
    truth.happenedByRelease().forEach(this::release);
    Counts missing = truth.unacknowledged();
    out.printf(
        Locale.ROOT,
        "not acknowledged: %,d false accepts, %,.1f listening hours%n",
        missing.falseAccepts(),
        missing.listeningMillis() / MILLIS_PER_HOUR);
    out.flush();
  }

  void warning(String text) {
    out.println("warning: " + text);
    out.flush();
  }

  private void release(String release, Counts counts) {
    double hours = counts.listeningMillis() / MILLIS_PER_HOUR;
    out.printf(
        Locale.ROOT,
        "%-20s %,16.1f %,14d %10.3f   (%,.1f J in the chips)%n",
        release,
        hours,
        counts.falseAccepts(),
        hours == 0 ? 0 : counts.falseAccepts() / hours,
        counts.chipMicrojoules() / MICROJOULES_PER_JOULE);
  }

  @SuppressWarnings("SystemConsoleNull") // it may still be null where there is no console provider
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static String list(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + String.format(Locale.ROOT, "%,d", entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}

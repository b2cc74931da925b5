package dev.earshot.cli.fleet;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.fleet.FieldTradeOff.Kind;
import dev.earshot.cli.fleet.FieldTradeOff.Point;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The trade-off for people: a table for each environment and one for the fleet. */
final class FieldTuningView {
  private static final int BELOW = 2;
  private static final int ABOVE = 5;

  private final PrintStream out;

  FieldTuningView(PrintStream out) {
    this.out = out;
  }

  void print(FieldTuning tuning, Optional<Point> chosen) {
    FieldScores all = tuning.total().scores();
    out.printf(
        Locale.ROOT,
        "%s in %s: %,.1f listening hours at threshold %d, %,d false accepts, %,d confirmed wakes,"
            + " %,d suspected misses%n",
        tuning.release(),
        tuning.fleet(),
        all.listeningHours(),
        tuning.runningThreshold(),
        all.falseAccepts(),
        FieldScores.sum(all.confirmedWakeScores()),
        all.suspectedFalseRejects());
    for (FieldTradeOff one : tuning.environments()) {
      table(one, chosen);
    }
    table(tuning.total(), chosen);
    out.println();
    out.println(
        "Intervals are 95 %. * the running threshold. ? bounds: below it nobody verified what would");
    out.println(
        "have woken. Misses are a proxy: those that somebody repeated with success; who gave up is");
    out.println("not counted. Scores come in buckets of 8: these are all thresholds that they tell.");
    unknown(all);
    chosen.ifPresent(point -> chosen(tuning, point));
  }

  private void table(FieldTradeOff tradeOff, Optional<Point> chosen) {
    out.printf(
        Locale.ROOT,
        "%n%-12s %8s   %-30s %s%n",
        tradeOff.scores().environment(),
        "wakes >",
        "false accepts/h",
        "missed, %");
    for (Point point : shown(tradeOff, chosen)) {
      out.println(line(point).stripTrailing());
    }
    out.printf(Locale.ROOT, "%12s %.1f listening hours%n", "", tradeOff.scores().listeningHours());
  }

  private static List<Point> shown(FieldTradeOff tradeOff, Optional<Point> chosen) {
    List<Point> points = tradeOff.points();
    int running = (int) points.stream().filter(point -> point.kind() == Kind.BOUNDED).count();
    return points.stream()
        .filter(
            point ->
                Math.abs(points.indexOf(point) - running)
                        <= (point.kind() == Kind.BOUNDED ? BELOW : ABOVE)
                    || chosen.filter(c -> c.thresholdScore() == point.thresholdScore()).isPresent())
        .toList();
  }

  private static String line(Point point) {
    String mark =
        switch (point.kind()) {
          case RUNNING -> "*";
          case BOUNDED -> "?";
          case ESTIMATED -> " ";
        };
    return String.format(
        Locale.ROOT,
        "%12s %8d %s %-30s %s",
        "",
        point.thresholdScore(),
        mark,
        text(point.falseAcceptsPerHour(), 1, 3),
        text(point.missShare(), 100, 1));
  }

  static String text(Reading reading, double unit, int digits) {
    String high =
        Double.isInfinite(reading.high()) ? "?" : Terminal.number(reading.high() * unit, digits);
    String low = Terminal.number(reading.low() * unit, digits);
    return reading.estimate().isPresent()
        ? Terminal.number(reading.estimate().getAsDouble() * unit, digits)
            + " ["
            + low
            + ", "
            + high
            + "]"
        : "between " + low + " and " + high;
  }

  private void unknown(FieldScores all) {
    long unknown = all.falseAccepts() - FieldScores.sum(all.falseAcceptScores());
    if (unknown > 0) {
      out.printf(
          Locale.ROOT,
          "The peaks of %,d of the %,d false accepts are unknown (older firmware sends none): above"
              + " the running%nthreshold their intervals are that much wider.%n",
          unknown,
          all.falseAccepts());
    }
  }

  private void chosen(FieldTuning tuning, Point point) {
    Point now = tuning.total().at(tuning.runningThreshold());
    out.printf(
        Locale.ROOT,
        "%nthreshold %d: %s false accepts/h instead of %s, %s %% missed instead of %s %%%n",
        point.thresholdScore(),
        text(point.falseAcceptsPerHour(), 1, 3),
        text(now.falseAcceptsPerHour(), 1, 3),
        text(point.missShare(), 100, 1),
        text(now.missShare(), 100, 1));
    if (point.kind() == Kind.RUNNING) {
      out.println("It is the one that runs: nothing needs to change.");
    }
  }
}

package dev.earshot.simulator.command;

import dev.earshot.simulator.FleetReport;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Shows a fleet while it runs: a screen that is redrawn every second on a terminal, a line every
 * few seconds elsewhere. Figures are of the last ten seconds.
 */
final class Display {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final int columns;
  private final Deque<Moment> window = new ArrayDeque<>();
  private final long beganNanos;
  private long lineNanos;
  private int drawn;

  private record Moment(long nanos, FleetReport report) {}

  Display(PrintWriter out, boolean terminal, int columns, long nowNanos) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
    this.beganNanos = nowNanos;
    this.lineNanos = nowNanos;
  }

  /** For the terminal of this process, if it has one. */
  static Display standard(PrintWriter out) {
    return new Display(out, isTerminal(), columns(), System.nanoTime());
  }

  /** Shows a report; called about every second. */
  void show(FleetReport report, long nowNanos) {
    window.add(new Moment(nowNanos, report));
    while (window.size() > 2 && nowNanos - window.getFirst().nanos() > WINDOW_NANOS) {
      window.removeFirst();
    }
    Moment first = window.getFirst();
    if (first.nanos() == nowNanos) {
      return; // the first of all: nothing to compare it with
    }
    View view =
        new View(
            first.report(),
            report,
            (nowNanos - first.nanos()) / 1e9,
            (nowNanos - beganNanos) / 1_000_000_000);
    if (terminal) {
      draw(view.screen());
    } else if (nowNanos - lineNanos >= LINE_NANOS) {
      lineNanos = nowNanos;
      out.println(view.line());
    }
    out.flush();
  }

  private void draw(List<String> lines) {
    if (drawn > 0) {
      out.print("\033[" + drawn + "A");
    }
    for (String line : lines) {
      String shown = line.length() < columns ? line : line.substring(0, columns - 1);
      out.print(shown + "\033[K\n");
    }
    drawn = lines.size();
  }

  private static int columns() {
    try {
      return Math.max(40, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "120")));
    } catch (NumberFormatException e) {
      return 120;
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it may still be null where there is no console provider
  private static boolean isTerminal() {
    Console console = System.console();
    String type = System.getenv("TERM");
    return console != null && console.isTerminal() && type != null && !type.equals("dumb");
  }
}

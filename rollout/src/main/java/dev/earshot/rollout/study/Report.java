package dev.earshot.rollout.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The study's text, and which of its targets were missed. Not thread-safe. */
final class Report {
  private final Consumer<String> out;
  private final List<String> missed = new ArrayList<>();

  Report(Consumer<String> out) {
    this.out = out;
  }

  /** A line, formatted without regard to where the reader lives. */
  void line(String format, Object... arguments) {
    out.accept(String.format(Locale.ROOT, format, arguments).stripTrailing());
  }

  /** A heading, with an empty line before it. */
  void heading(String format, Object... arguments) {
    line("");
    line(format, arguments);
  }

  /** A row of a table whose columns are a rule, its false alarms, and what follows. */
  void row(String rule, String falseAlarms, List<String> cells) {
    StringBuilder row = new StringBuilder();
    cells.forEach(cell -> row.append(String.format(Locale.ROOT, " %14s", cell)));
    line("  %-48s %12s%s", rule, falseAlarms, row);
  }

  /**
   * What was to be reached and whether it was, to be put behind the figure.
   *
   * @param figure what is measured, to name it again when it was missed
   */
  String target(String figure, String target, boolean reached) {
    if (!reached) {
      missed.add(figure + " (target: " + target + ")");
    }
    return "target: " + target + (reached ? ", reached" : ", MISSED");
  }

  /** A figure and its target on a line of their own. */
  void figure(String figure, String value, String target, boolean reached) {
    line("  %-48s %s   [%s]", figure, value, target(figure, target, reached));
  }

  List<String> missed() {
    return List.copyOf(missed);
  }
}

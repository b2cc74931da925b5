package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A rollout as a tree of lines for a terminal of some width: stages, gates, what is missing. */
final class RolloutTree {
  private static final int WIDE = 110;
  private static final int NARROW = 90;
  private static final int GAUGE = 21;
  private static final int BAR = 12;

  private final JsonNode document;
  private final RolloutView view;
  private final int columns;

  RolloutTree(RolloutView view, int columns) {
    this.view = view;
    this.document = view.document();
    this.columns = columns;
  }

  /** Everything. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(view.id() + "  " + document.path("release").asText() + "  " + view.position());
    lines.add("cohort  " + document.path("cohort").asText());
    lines.add("stages");
    branch(lines, stages());
    List<String> gates = gates();
    if (!gates.isEmpty()) {
      lines.add("gates");
      branch(lines, gates);
    }
    rollback(lines);
    lines.addAll(view.waits());
    return lines;
  }

  private void rollback(List<String> lines) {
    JsonNode back = document.path("rollback");
    long reverted = back.path("reverted").asLong();
    long unreachable = back.path("unreachable").asLong();
    long stranded = back.path("stranded").asLong();
    long all = reverted + unreachable + stranded + back.path("reverting").asLong();
    if (all > 0) {
      lines.add(
          "rollback   "
              + bar((double) (reverted + unreachable + stranded) / all)
              + "  "
              + reverted
              + " of "
              + all
              + " devices are back"
              + (unreachable > 0 ? ", " + unreachable + " can't be reached" : "")
              + (stranded > 0 ? ", " + stranded + " have nothing to go back to" : ""));
    }
  }

  private List<String> stages() {
    List<String> lines = new ArrayList<>();
    int current = document.path("stage").asInt();
    for (JsonNode stage : document.path("stages")) {
      int number = stage.path("stage").asInt();
      boolean over = number < current || view.state().equals("succeeded");
      String line =
          String.format(
              Locale.ROOT,
              "%s %d  %5s %%  soak %-4s",
              over ? "✓" : number == current ? "▶" : "·",
              number,
              RolloutView.plain(stage.path("percent").asDouble()),
              stage.path("soak").asText());
      lines.add(
          number <= current
              ? line + "  " + progress(stage, number == current)
              : line.stripTrailing());
    }
    return lines;
  }

  private String progress(JsonNode stage, boolean current) {
    long ok = stage.path("ok").asLong();
    long told =
        ok
            + stage.path("failed").asLong()
            + stage.path("silent").asLong()
            + stage.path("pending").asLong();
    long waiting = current ? document.path("devices").path("waiting").asLong() : 0;
    long all = told + waiting;
    String counts = RolloutView.updates(stage) + (waiting > 0 ? ", " + waiting + " to tell" : "");
    return columns >= NARROW ? bar(all == 0 ? 0 : (double) ok / all) + "  " + counts : counts;
  }

  private List<String> gates() {
    List<String> lines = new ArrayList<>();
    for (JsonNode gate : document.path("gates")) {
      StringBuilder line = new StringBuilder();
      line.append(Gates.sign(gate)).append(' ').append(Gates.padded(gate));
      line.append(String.format(Locale.ROOT, " %-11s ", Gates.question(gate)));
      line.append(String.format(Locale.ROOT, "%-20s", Gates.estimate(gate)));
      if (columns >= WIDE) {
        line.append("  ").append(Gates.gauge(gate, GAUGE));
      }
      line.append("  ").append(evidence(gate));
      lines.add(line.toString());
    }
    return lines;
  }

  private String evidence(JsonNode gate) {
    double share = Gates.evidence(gate);
    String text =
        String.format(
            Locale.ROOT,
            "%s%3.0f %% of %s",
            columns >= NARROW ? bar(share) + " " : "",
            Math.floor(100 * share),
            Gates.asksMargin(gate) ? "the proof" : "an alarm");
    return gate.path("missing_hours").isNumber() && Gates.asksMargin(gate)
        ? text
            + String.format(
                Locale.ROOT, ", some %.1f h to go", gate.path("missing_hours").asDouble())
        : text;
  }

  private static void branch(List<String> lines, List<String> twigs) {
    for (int i = 0; i < twigs.size(); i++) {
      lines.add((i == twigs.size() - 1 ? "└─ " : "├─ ") + twigs.get(i));
    }
  }

  private static String bar(double share) {
    int filled = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
    return "█".repeat(filled) + "░".repeat(BAR - filled);
  }
}

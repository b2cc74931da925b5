package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.earshot.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A rollout's document in the words and numbers that a person reads. */
public final class RolloutView {
  private final JsonNode document;

  public RolloutView(JsonNode document) {
    this.document = document;
  }

  /** Its identifier. */
  public String id() {
    return document.path("id").asText();
  }

  /** {@code running}, {@code paused}, {@code succeeded} and so on. */
  public String state() {
    return document.path("state").asText();
  }

  /** Whether nothing will happen to it any more. */
  public boolean isFinal() {
    return switch (state()) {
      case "succeeded", "rolled_back", "cancelled" -> true;
      default -> false;
    };
  }

  /** What must be the same for two moments to be worth one line in a log. */
  public String milestone() {
    return state() + document.path("stage").asInt() + document.path("step").asText();
  }

  /** {@code stage 2 of 3 (50 %), soaking}. */
  public String position() {
    int stage = document.path("stage").asInt();
    if (stage == 0) {
      return state();
    }
    String percent = document.path("stages").path(stage - 1).path("percent").asText();
    String step = document.path("step").asText();
    return "stage "
        + stage
        + " of "
        + document.path("stages").size()
        + " ("
        + percent.replaceAll("\\.0$", "")
        + " %), "
        + (step.isEmpty() ? state().replace('_', ' ') : step);
  }

  /** Everything on one line, for a place that is redrawn. */
  public String line() {
    StringBuilder line = new StringBuilder(position());
    JsonNode devices = document.path("devices");
    long ok = devices.path("ok").asLong();
    long told =
        ok
            + devices.path("failed").asLong()
            + devices.path("silent").asLong()
            + devices.path("pending").asLong();
    if (state().equals("rolling_back") || state().equals("rolled_back")) {
      JsonNode back = document.path("rollback");
      long reverted = back.path("reverted").asLong();
      long all = reverted + back.path("reverting").asLong() + back.path("unreachable").asLong();
      line.append("  ").append(Terminal.bar(all == 0 ? 0 : (double) reverted / all));
      line.append("  ").append(reverted).append(" of ").append(all).append(" devices are back");
    } else {
      long waiting = devices.path("waiting").asLong();
      line.append("  ")
          .append(Terminal.bar(told + waiting == 0 ? 0 : (double) ok / (told + waiting)));
      line.append("  ").append(updates(devices));
    }
    JsonNode gate = decisive();
    if (!gate.isMissingNode()) {
      line.append("  ").append(ratio(gate));
    }
    return line.toString();
  }

  /** The stages as lines of a tree. */
  public List<String> stages() {
    List<String> lines = new ArrayList<>();
    int current = document.path("stage").asInt();
    for (JsonNode stage : document.path("stages")) {
      int number = stage.path("stage").asInt();
      String mark =
          number < current || state().equals("succeeded") ? "✓" : number == current ? "▶" : "·";
      lines.add(
          String.format(
              Locale.ROOT,
              "%s stage %d  %5.1f %%  soak %-6s margin %.2fx  %s",
              mark,
              number,
              stage.path("percent").asDouble(),
              stage.path("soak").asText(),
              stage.path("margins").path("false_accepts").asDouble(),
              number <= current ? updates(stage) : ""));
    }
    return lines;
  }

  /** Each gate: estimate, limit, evidence, and what is missing. */
  public List<String> gates() {
    List<String> lines = new ArrayList<>();
    for (JsonNode gate : document.path("gates")) {
      StringBuilder line = new StringBuilder();
      line.append(
          String.format(
              Locale.ROOT,
              "%-15s %-16s %-14s",
              gate.path("metric").asText().replace('_', ' '),
              gate.path("question").asText().replace('_', ' '),
              gate.path("verdict").asText().replace('_', ' ')));
      line.append(ratio(gate));
      line.append(
          String.format(
              Locale.ROOT,
              ", limit %s; ln e %.1f of %.1f",
              limit(gate),
              gate.path("log_e").asDouble(),
              gate.path("log_threshold").asDouble()));
      if (gate.path("missing_exposure").isNumber()) {
        line.append(
            String.format(
                Locale.ROOT,
                "; some %.0f more %s of treated devices needed",
                gate.path("missing_exposure").asDouble(),
                gate.path("treated").path("unit").asText().replace('_', ' ')));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** One line for each gate that found harm: why the release is stopped. */
  public List<String> harm() {
    List<String> lines = new ArrayList<>();
    for (JsonNode gate : document.path("gates")) {
      if (gate.path("verdict").asText().equals("harm")) {
        lines.add(
            ratio(gate)
                + String.format(
                    Locale.ROOT,
                    "; treated %.0f in %.0f %s, control %.0f in %.0f; evidence e = %.3g (needed %.0f)",
                    gate.path("treated").path("count").asDouble(),
                    gate.path("treated").path("exposure").asDouble(),
                    gate.path("treated").path("unit").asText().replace('_', ' '),
                    gate.path("control").path("count").asDouble(),
                    gate.path("control").path("exposure").asDouble(),
                    Math.exp(gate.path("log_e").asDouble()),
                    Math.exp(gate.path("log_threshold").asDouble())));
      }
    }
    return lines;
  }

  private JsonNode decisive() {
    JsonNode best = MissingNode.getInstance();
    for (JsonNode gate : document.path("gates")) {
      if (gate.path("metric").asText().equals("false_accepts")
          && (best.isMissingNode() || gate.path("question").asText().equals("non_inferiority"))) {
        best = gate;
      }
    }
    return best;
  }

  private static String updates(JsonNode counts) {
    return counts.path("ok").asLong()
        + " ok, "
        + counts.path("failed").asLong()
        + " failed, "
        + counts.path("silent").asLong()
        + " silent, "
        + counts.path("pending").asLong()
        + " pending";
  }

  private static String ratio(JsonNode gate) {
    if (gate.path("metric").asText().equals("failed_updates")) {
      return gate.path("estimate").isNumber()
          ? String.format(
              Locale.ROOT, "%.1f %% of updates failed", 100 * gate.path("estimate").asDouble())
          : "no update has ended yet";
    }
    if (!gate.path("estimate").isNumber()) {
      return gate.path("metric").asText().replace('_', ' ') + ": too little heard yet";
    }
    String text =
        String.format(
            Locale.ROOT,
            "%s %.2fx of control",
            gate.path("metric").asText().replace('_', ' '),
            gate.path("estimate").asDouble());
    return gate.path("low").isNumber() && gate.path("high").isNumber()
        ? text
            + String.format(
                Locale.ROOT,
                " [%.2f, %.2f]",
                gate.path("low").asDouble(),
                gate.path("high").asDouble())
        : text;
  }

  private static String limit(JsonNode gate) {
    return gate.path("metric").asText().equals("failed_updates")
        ? String.format(Locale.ROOT, "%.1f %%", 100 * gate.path("limit").asDouble())
        : String.format(Locale.ROOT, "%.2fx", gate.path("limit").asDouble());
  }
}

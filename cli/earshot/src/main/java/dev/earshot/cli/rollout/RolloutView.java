package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.earshot.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** A rollout's document in the words and numbers that a person reads. */
public final class RolloutView {
  private final JsonNode document;

  public RolloutView(JsonNode document) {
    this.document = document;
  }

  /** As the service sent it. */
  JsonNode document() {
    return document;
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
      return state().replace('_', ' ');
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
        + words(step);
  }

  private String words(String step) {
    if (step.isEmpty()) {
      return state().replace('_', ' ');
    }
    String what =
        step.equals("awaiting_approval") ? "passed, the next one waits for approval" : step;
    return state().equals("paused") ? "paused while " + what : what;
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
      long all =
          reverted
              + back.path("reverting").asLong()
              + back.path("unreachable").asLong()
              + back.path("stranded").asLong();
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
      line.append("  ").append(describe(gate));
    }
    return line.toString();
  }

  /** What it waits for, until when, and why it stands where it does. */
  public List<String> waits() {
    List<String> lines = new ArrayList<>();
    String missing = document.path("missing").asText();
    if (!missing.isEmpty()) {
      lines.add("waits for  " + missing);
    }
    if (document.path("expected_at").isTextual()) {
      lines.add("expected   " + document.path("expected_at").asText() + ", fleet time");
    }
    JsonNode deferred = document.path("deferred");
    if (!deferred.isEmpty()) {
      lines.add("devices    " + deferred(deferred));
    }
    JsonNode approved = document.path("approved_by");
    int needed = document.path("plan").path("approval").path("count").asInt();
    if (isForApproval() && needed > 0) {
      lines.add("approved   " + approved.size() + " of " + needed + names(approved));
    }
    String reason = document.path("reason").asText();
    if (!reason.isEmpty()) {
      lines.add("because    " + reason);
    }
    return lines;
  }

  /** How many devices wait for which condition of the plan. */
  private static String deferred(JsonNode deferred) {
    StringJoiner words = new StringJoiner(", ");
    for (JsonNode each : deferred) {
      long devices = each.path("devices").asLong();
      String reason = each.path("reason").asText();
      words.add(devices + " " + (devices == 1 ? reason : reason.replaceFirst("^waits", "wait")));
    }
    return words.toString();
  }

  /** Whether somebody has to consent before it goes on. */
  boolean isForApproval() {
    return state().equals("awaiting_approval")
        || document.path("step").asText().equals("awaiting_approval");
  }

  /** One line for each gate that found harm: why the release is stopped. */
  public List<String> harm() {
    List<String> lines = new ArrayList<>();
    for (JsonNode gate : document.path("gates")) {
      if (gate.path("verdict").asText().equals("harm")) {
        lines.add(
            describe(gate)
                + "; "
                + Gates.counts(gate)
                + String.format(
                    Locale.ROOT,
                    "; evidence e = %.3g (needed %.0f)",
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

  /** {@code 40 ok, 1 failed, 0 silent, 9 pending}. */
  static String updates(JsonNode counts) {
    return counts.path("ok").asLong()
        + " ok, "
        + counts.path("failed").asLong()
        + " failed, "
        + counts.path("silent").asLong()
        + " silent, "
        + counts.path("pending").asLong()
        + " pending";
  }

  /** A number without needless digits. */
  static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }

  private static String names(JsonNode approved) {
    StringBuilder names = new StringBuilder();
    approved.forEach(name -> names.append(names.isEmpty() ? ": " : ", ").append(name.asText()));
    return names.toString();
  }

  private static String describe(JsonNode gate) {
    return Gates.name(gate)
        + " "
        + Gates.estimate(gate)
        + (gate.path("control").isObject() && gate.path("estimate").isNumber()
            ? " of control"
            : "");
  }
}

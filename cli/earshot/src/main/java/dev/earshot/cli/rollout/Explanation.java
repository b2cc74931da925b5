package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.rollout.lifecycle.Recomputation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * One entry of the audit trail in plain words, with its numbers, and computed again here from the
 * sums that it carries.
 */
final class Explanation {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double SAME_WITHIN = 1e-9;

  /** Of the clock, not of the sums. */
  private static final String MISSING_HOURS = "missing_hours";

  private final JsonNode event;
  private final boolean decision;
  private final List<String> differences;

  private Explanation(JsonNode event, boolean decision, List<String> differences) {
    this.event = event;
    this.decision = decision;
    this.differences = differences;
  }

  /**
   * Explains an entry.
   *
   * @param plan of the rollout, JSON
   * @throws IOException when this version can't read its sums
   */
  static Explanation of(JsonNode event, JsonNode plan) throws IOException {
    List<StageSums> sums = RolloutClient.sums(event);
    List<String> differences = new ArrayList<>();
    if (!sums.isEmpty()) {
      JsonNode again = JSON.valueToTree(Recomputation.of(plan.toString(), sums));
      compare("", event.path("evidence"), again, differences);
    }
    return new Explanation(event, !sums.isEmpty(), differences);
  }

  /** Whether it carries sums, so that it could be computed again. */
  boolean isDecision() {
    return decision;
  }

  /** Where the numbers of the event and those computed here differ; empty when nowhere. */
  List<String> differences() {
    return differences;
  }

  /** The entry. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("#" + event.path("id").asText() + "  " + RolloutWatchCommand.line(event));
    if (!decision) {
      return lines;
    }
    for (JsonNode gate : event.path("evidence")) {
      gate(lines, gate);
    }
    lines.add(
        differences.isEmpty()
            ? "    recomputed: same"
            : "    recomputed: DIFFERENT, " + differences.size() + " numbers");
    differences.forEach(difference -> lines.add("      " + difference));
    return lines;
  }

  private static void gate(List<String> lines, JsonNode gate) {
    lines.add("    " + Gates.sign(gate) + " " + question(gate) + " " + answer(gate));
    if (gate.path("treated").path("devices").asLong() == 0 && !gate.path("estimate").isNumber()) {
      lines.add("        nothing was heard of it in this stage");
      return;
    }
    lines.add("        " + Gates.counts(gate) + ": " + Gates.estimate(gate));
    for (JsonNode test : gate.path("tests")) {
      lines.add(
          String.format(
              Locale.ROOT,
              "        %s: e = %s, needed %s (ln e %.3f of %.3f)",
              test.path("test").asText(),
              e(test.path("log_e").asDouble()),
              e(test.path("log_threshold").asDouble()),
              test.path("log_e").asDouble() + 0.0,
              test.path("log_threshold").asDouble()));
    }
    StringJoiner quiet = new StringJoiner(", ");
    for (JsonNode stratum : gate.path("strata")) {
      if (stratum.path("guard").asBoolean(true)) {
        lines.add("          " + stratum(gate, stratum));
      } else {
        quiet.add(stratum.path("stratum").asText());
      }
    }
    if (quiet.length() > 0) {
      lines.add("          too little heard to count by itself: " + quiet);
    }
  }

  private static String question(JsonNode gate) {
    String name = Gates.name(gate);
    String limit = Gates.limit(gate);
    if (Gates.asksMargin(gate)) {
      return "Are " + name + " shown to be below " + limit + " of control?";
    }
    return switch (gate.path("metric").asText()) {
      case "failed_updates" -> "Do more than " + limit + " of the updates fail?";
      case "balance" -> "Are the arms other than randomised (" + limit + " treated)?";
      default -> "Is the release worse on " + name + "?";
    };
  }

  private static String answer(JsonNode gate) {
    return switch (gate.path("verdict").asText()) {
      case "harm" -> "Yes: " + gate.path("action").asText("stop") + ".";
      case "non_inferior" -> "Yes.";
      default -> Gates.asksMargin(gate) ? "Not yet." : "Nothing says so.";
    };
  }

  private static String stratum(JsonNode gate, JsonNode stratum) {
    double ratio = Math.exp(stratum.path("psi").asDouble());
    if (gate.path("limit").isNumber()) {
      ratio *= gate.path("limit").asDouble();
    }
    return String.format(
        Locale.ROOT,
        "%-10s %s, z %.2f, e = %s",
        stratum.path("stratum").asText(),
        stratum.path("psi").isNumber() ? Gates.ratio(ratio) : "unknown",
        stratum.path("z").asDouble(),
        e(stratum.path("log_e").asDouble()));
  }

  private static String e(double logE) {
    return Math.abs(logE) < 12
        ? String.format(Locale.ROOT, "%.4g", Math.exp(logE))
        : String.format(Locale.ROOT, "exp(%.1f)", logE);
  }

  private static void compare(String at, JsonNode told, JsonNode again, List<String> differences) {
    if (told.isNumber() && again.isNumber()) {
      double a = told.asDouble();
      double b = again.asDouble();
      if (Math.abs(a - b) > SAME_WITHIN * Math.max(1, Math.max(Math.abs(a), Math.abs(b)))) {
        differences.add(at + ": " + told + " in the event, " + again + " here");
      }
    } else if (told.isArray() && again.isArray() && told.size() == again.size()) {
      for (int i = 0; i < told.size(); i++) {
        compare(at + "[" + i + "]", told.get(i), again.get(i), differences);
      }
    } else if (told.isObject() && again.isObject()) {
      told.properties()
          .forEach(
              field -> {
                if (!field.getKey().equals(MISSING_HOURS)) {
                  compare(
                      at + (at.isEmpty() ? "" : ".") + field.getKey(),
                      field.getValue(),
                      again.path(field.getKey()),
                      differences);
                }
              });
    } else if (!told.equals(again)) {
      differences.add(at + ": " + told + " in the event, " + again + " here");
    }
  }
}

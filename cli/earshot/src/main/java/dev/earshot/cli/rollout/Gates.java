package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How a gate is put in words and drawn. Fields that a service does not send are left out. */
final class Gates {
  private static final int LONGEST_NAME = 15;

  private Gates() {}

  /** {@code false accepts}. */
  static String name(JsonNode gate) {
    return gate.path("metric").asText().replace('_', ' ');
  }

  /** Whether it asks for the absence of a difference, not for harm. */
  static boolean asksMargin(JsonNode gate) {
    return gate.path("question").asText().equals("non_inferiority");
  }

  /** {@code below 1.50x} or {@code harm}: what is asked, short. */
  static String question(JsonNode gate) {
    return asksMargin(gate) ? "below " + limit(gate) : "harm";
  }

  /** The verdict as a sign: a tick, a cross, or three dots. */
  static String sign(JsonNode gate) {
    return switch (gate.path("verdict").asText()) {
      case "harm" -> "✗";
      case "non_inferior" -> "✓";
      default -> asksMargin(gate) ? "…" : "·";
    };
  }

  /** What was measured, such as {@code 1.04x [0.91, 1.20]}. */
  static String estimate(JsonNode gate) {
    if (!gate.path("estimate").isNumber()) {
      return "too little heard yet";
    }
    double estimate = gate.path("estimate").asDouble();
    String text = isShare(gate) ? percent(estimate) : ratio(estimate);
    return gate.path("low").isNumber() && gate.path("high").isNumber()
        ? text
            + (isShare(gate)
                ? " ["
                    + percent(gate.path("low").asDouble())
                    + ", "
                    + percent(gate.path("high").asDouble())
                    + "]"
                : String.format(
                    Locale.ROOT,
                    " [%.2f, %.2f]",
                    gate.path("low").asDouble(),
                    gate.path("high").asDouble()))
        : text;
  }

  /** What it is held against. */
  static String limit(JsonNode gate) {
    double limit = gate.path("limit").asDouble();
    return isShare(gate) ? percent(limit) : ratio(limit);
  }

  /** Evidence gathered as a share of what is needed, 0 to 1. */
  static double evidence(JsonNode gate) {
    double needed = gate.path("log_threshold").asDouble();
    return needed > 0 ? Math.clamp(gate.path("log_e").asDouble() / needed, 0, 1) : 0;
  }

  /**
   * The interval on a scale around its limit: {@code ──━━●━━──┃──}. Ratios from half to twice the
   * larger of limit and one, on a logarithmic scale; shares from zero to twice the limit.
   */
  static String gauge(JsonNode gate, int width) {
    if (!gate.path("estimate").isNumber()) {
      return "─".repeat(width);
    }
    double estimate = gate.path("estimate").asDouble();
    int low = at(gate, gate.path("low").asDouble(estimate), width);
    int high = at(gate, gate.path("high").asDouble(estimate), width);
    int middle = at(gate, estimate, width);
    int limit = at(gate, gate.path("limit").asDouble(), width);
    StringBuilder gauge = new StringBuilder();
    for (int i = 0; i < width; i++) {
      gauge.append(i == middle ? '●' : i == limit ? '┃' : i >= low && i <= high ? '━' : '─');
    }
    return gauge.toString();
  }

  /** {@code 12 in 340 h on 40 treated devices, 300 in 9800 h on 960 control devices}. */
  static String counts(JsonNode gate) {
    String treated = arm(gate.path("treated"), "treated");
    String control = arm(gate.path("control"), "control");
    return control.isEmpty() ? treated : treated + "; " + control;
  }

  static String padded(JsonNode gate) {
    return String.format(Locale.ROOT, "%-" + LONGEST_NAME + "s", name(gate));
  }

  /** Two decimals and an x. */
  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2fx", value);
  }

  private static String arm(JsonNode arm, String which) {
    if (!arm.isObject()) {
      return "";
    }
    long devices = arm.path("devices").asLong();
    String on = " on " + devices + " " + which + " device" + (devices == 1 ? "" : "s");
    String unit = arm.path("unit").asText().replace('_', ' ');
    if (arm.path("mean").isNumber()) {
      return String.format(Locale.ROOT, "%.4g %s%s", arm.path("mean").asDouble(), unit, on);
    }
    return arm.path("count").isNumber()
        ? String.format(
            Locale.ROOT,
            "%.0f in %.0f %s%s",
            arm.path("count").asDouble(),
            arm.path("exposure").asDouble(),
            unit,
            unit.equals("devices") || unit.equals("updates") ? " (" + which + ")" : on)
        : devices + " " + which + " devices";
  }

  private static int at(JsonNode gate, double value, int width) {
    double limit = gate.path("limit").asDouble();
    double share;
    if (isShare(gate)) {
      share = limit > 0 ? value / (2 * limit) : 0;
    } else {
      double top = 2 * Math.max(1, limit);
      share = Math.log(Math.max(value, 1e-9) / 0.5) / Math.log(top / 0.5);
    }
    return (int) Math.round(Math.clamp(share, 0, 1) * (width - 1));
  }

  private static boolean isShare(JsonNode gate) {
    String metric = gate.path("metric").asText();
    return metric.equals("failed_updates") || metric.equals("balance");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}

package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** A dry run as a report. */
final class PreviewView {
  private static final double KILO = 1_000;

  private final JsonNode preview;
  private final JsonNode who;
  private final List<String> lines = new ArrayList<>();

  PreviewView(JsonNode preview) {
    this.preview = preview;
    this.who = preview.path("who");
  }

  /**
   * The report.
   *
   * @param sample with devices by name
   */
  List<String> lines(boolean sample) {
    lines.clear();
    lines.add(preview.path("release").asText() + " to  " + preview.path("cohort").asText());
    audience();
    if (sample) {
      lines.add("");
      lines.add("Some of them");
      who.path("sample").forEach(device -> lines.add("  " + device.asText()));
    }
    stages();
    detection();
    list("Think about", "! ", preview.path("warnings"));
    list("Assumed", "- ", preview.path("assumptions"));
    return List.copyOf(lines);
  }

  private void audience() {
    heading("Who");
    line(
        "%,d of the %,d known devices are in the cohort and free to take part",
        who.path("reachable").asLong(), who.path("known").asLong());
    for (JsonNode excluded : who.path("excluded")) {
      line(
          "%,d more are in the cohort but %s",
          excluded.path("devices").asLong(), reason(excluded.path("reason").asText()));
    }
    if (!who.path("chips").isEmpty()) {
      StringJoiner chips = new StringJoiner(", ");
      who.path("chips")
          .forEach(
              chip ->
                  chips.add(
                      String.format(
                          Locale.ROOT,
                          "%,d on %s",
                          chip.path("devices").asLong(),
                          chip.path("chip").asText())));
      line("%s; the release runs on %s", chips, joined(who.path("release_chips")));
    }
    if (!who.path("environments").isEmpty()) {
      lines.add("");
      line(
          "%-12s %9s %16s %10s %9s",
          "at home in", "devices", "false accepts/h", "listening", "observed");
    }
    for (JsonNode each : who.path("environments")) {
      line(
          "%-12s %,9d %16.2f %8.0f %% %7.0f h",
          each.path("environment").asText(),
          each.path("devices").asLong(),
          each.path("false_accepts_per_hour").asDouble(),
          100 * each.path("duty").asDouble(),
          each.path("history_hours").asDouble());
    }
  }

  private void stages() {
    heading(
        "When"
            + (preview.path("start_at").isTextual()
                ? ", starting at " + preview.path("start_at").asText() + " (fleet time)"
                : ", from its start"));
    line(
        "%-5s %7s %9s %9s %10s %6s %14s %14s %9s",
        "stage",
        "percent",
        "treated",
        "control",
        "offers",
        "soak",
        "passes at best",
        "passes likely",
        "download");
    for (JsonNode stage : preview.path("stages")) {
      line(
          "%-5d %5s %% %,9d %,9d %10s %6s %14s %14s %9s",
          stage.path("stage").asInt(),
          RolloutView.plain(stage.path("percent").asDouble()),
          stage.path("treated").asLong(),
          stage.path("control").asLong(),
          minutes(stage.path("offers_minutes").asDouble()),
          stage.path("soak").asText(),
          hours(stage.path("passes_earliest_hours")),
          hours(stage.path("passes_likely_hours")),
          bytes(stage.path("bytes").asLong()));
    }
    line(
        "%s a device, %s in all",
        bytes(preview.path("bytes").path("model").asLong()),
        bytes(preview.path("bytes").path("total").asLong()));
  }

  private void detection() {
    heading("Smallest increase of false accepts that is found, 4 times out of 5, within");
    line(
        "%-5s %10s %10s %10s %10s   %s",
        "stage", "1 h", "6 h", "24 h", "its soak", "margin to be shown");
    for (JsonNode stage : preview.path("stages")) {
      JsonNode detectable = stage.path("detectable");
      line(
          "%-5d %10s %10s %10s %10s   %s, %s",
          stage.path("stage").asInt(),
          effect(detectable.path(0)),
          effect(detectable.path(1)),
          effect(detectable.path(2)),
          effect(detectable.path(3)),
          Gates.ratio(stage.path("margin").asDouble()),
          stage.path("margin_hours").isNumber()
              ? "takes " + hours(stage.path("margin_hours"))
              : "never by these devices");
    }
  }

  private void list(String title, String mark, JsonNode texts) {
    if (!texts.isEmpty()) {
      heading(title);
      texts.forEach(text -> lines.add("  " + mark + text.asText()));
    }
  }

  private void heading(String title) {
    lines.add("");
    lines.add(title);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
  private void line(String format, Object... values) {
    lines.add("  " + String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private static String reason(String word) {
    return switch (word) {
      case "other_chip" -> "have a chip that the release is not for";
      case "already_has_it" -> "run the release already";
      case "not_heard" -> "were not heard lately";
      case "unknown_release" -> "run a release that nobody knows";
      case "in_another_rollout" -> "take part in another rollout";
      default -> word.replace('_', ' ');
    };
  }

  private static String joined(JsonNode words) {
    StringJoiner joined = new StringJoiner(", ");
    words.forEach(word -> joined.add(word.asText()));
    return joined.toString();
  }

  private static String effect(JsonNode detectable) {
    JsonNode effect = detectable.path("effect");
    return effect.isNumber()
        ? String.format(Locale.ROOT, "+%.0f %%", 100 * effect.asDouble())
        : "nothing";
  }

  private static String minutes(double minutes) {
    return minutes < 100
        ? String.format(Locale.ROOT, "%.0f min", Math.ceil(minutes))
        : String.format(Locale.ROOT, "%.1f h", minutes / 60);
  }

  private static String hours(JsonNode hours) {
    if (!hours.isNumber()) {
      return "never";
    }
    return hours.asDouble() < 100
        ? String.format(Locale.ROOT, "%.1f h", hours.asDouble())
        : String.format(Locale.ROOT, "%.1f days", hours.asDouble() / 24);
  }

  private static String bytes(long bytes) {
    if (bytes < KILO) {
      return bytes + " B";
    }
    double value = bytes / KILO;
    for (String unit : List.of("kB", "MB", "GB")) {
      if (value < KILO) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
      value /= KILO;
    }
    return String.format(Locale.ROOT, "%.1f TB", value);
  }
}

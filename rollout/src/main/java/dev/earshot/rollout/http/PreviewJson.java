package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.document.Durations;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.rollout.preview.Audience;
import dev.earshot.rollout.preview.RolloutPreview;
import dev.earshot.rollout.preview.StagePreview;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A dry run as operators read it. What can't be said is null. */
final class PreviewJson {
  private PreviewJson() {}

  static ObjectNode of(Plan plan, RolloutPreview preview) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("release", plan.release().toString()).put("cohort", plan.cohort());
    node.set("who", who(preview));
    Instant startAt = preview.startAt();
    node.put("start_at", startAt == null ? null : startAt.toString());
    node.putObject("bytes").put("model", preview.modelBytes()).put("total", preview.totalBytes());
    ArrayNode stages = node.putArray("stages");
    preview.stages().forEach(stage -> stages.add(stage(stage, startAt)));
    ArrayNode warnings = node.putArray("warnings");
    preview.warnings().forEach(warnings::add);
    ArrayNode assumptions = node.putArray("assumptions");
    preview.assumptions().forEach(assumptions::add);
    node.set("plan", PlanFormat.write(plan));
    return node;
  }

  private static ObjectNode who(RolloutPreview preview) {
    Audience audience = preview.audience();
    ObjectNode who =
        JsonNodeFactory.instance
            .objectNode()
            .put("known", audience.known())
            .put("reachable", audience.reachable());
    ArrayNode excluded = who.putArray("excluded");
    audience
        .excluded()
        .forEach(
            each ->
                excluded.addObject().put("reason", each.reason()).put("devices", each.devices()));
    ArrayNode environments = who.putArray("environments");
    for (Audience.Habitat habitat : audience.habitats()) {
      environments
          .addObject()
          .put("environment", habitat.environment())
          .put("devices", habitat.devices())
          .put("false_accepts_per_hour", rounded(habitat.falseAcceptsPerHour(), 4))
          .put("duty", rounded(habitat.duty(), 4))
          .put("history_hours", rounded(habitat.historyHours(), 1));
    }
    ArrayNode chips = who.putArray("chips");
    audience
        .chips()
        .forEach(each -> chips.addObject().put("chip", each.chip()).put("devices", each.devices()));
    ArrayNode releaseChips = who.putArray("release_chips");
    preview.releaseChips().forEach(releaseChips::add);
    ArrayNode sample = who.putArray("sample");
    audience.sample().forEach(sample::add);
    return who;
  }

  private static ObjectNode stage(StagePreview stage, @Nullable Instant startAt) {
    OptionalDouble likely = stage.passesLikelyHours();
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("stage", stage.stage())
            .put("percent", stage.percent())
            .put("treated", stage.treated())
            .put("control", stage.control())
            .put("joining", stage.joining())
            .put("bytes", stage.bytes())
            .put("offers_minutes", rounded(stage.offersMinutes(), 1))
            .put("soak", Durations.format(stage.soak()))
            .put("passes_earliest_hours", rounded(stage.passesEarliestHours(), 2))
            .put("passes_likely_hours", rounded(likely, 2))
            .put("margin", stage.margin())
            .put("margin_hours", rounded(stage.marginHours(), 2));
    if (startAt != null) {
      node.put("passes_earliest_at", after(startAt, stage.passesEarliestHours()));
      node.put(
          "passes_likely_at", likely.isPresent() ? after(startAt, likely.getAsDouble()) : null);
    }
    ArrayNode detectable = node.putArray("detectable");
    for (StagePreview.Detectable each : stage.detectable()) {
      detectable
          .addObject()
          .put("hours", rounded(each.hours(), 2))
          .put("effect", rounded(each.effect(), 4));
    }
    return node;
  }

  private static String after(Instant start, double hours) {
    return start.plus(Duration.ofSeconds(Math.round(hours * 3_600))).toString();
  }

  private static @Nullable Double rounded(OptionalDouble value, int digits) {
    return value.isPresent() ? Double.valueOf(rounded(value.getAsDouble(), digits)) : null;
  }

  private static double rounded(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.rint(value * scale) / scale;
  }
}

package dev.earshot.rollout.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.document.Numbers;
import dev.earshot.protocol.document.Sizes;

/** Makes the tree of a plan, with every default written out. */
final class PlanWriter {
  private PlanWriter() {}

  static ObjectNode write(Plan plan) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("release", plan.release().toString()).put("cohort", plan.cohort());
    schedule(root.putObject("schedule"), plan.schedule());
    ArrayNode stages = root.putArray("stages");
    plan.stages().forEach(stage -> stage(stages.addObject(), stage));
    root.set("holdback_percent", Numbers.node(plan.holdbackPercent()));
    root.put("priority", plan.priority());
    offers(root.putObject("offers"), plan.offers());
    root.put("heard_within", Durations.format(plan.heardWithin()))
        .put("trial", Durations.format(plan.trial()));
    install(root.putObject("install"), plan.install());
    deadlines(root.putObject("deadlines"), plan.deadlines());
    gates(root.putObject("gates"), plan.gates());
    approval(root.putObject("approval"), plan.approval());
    return root;
  }

  private static void schedule(ObjectNode node, Schedule schedule) {
    if (schedule.startAt() != null) {
      node.put("start_at", schedule.startAt().toString());
    }
    ArrayNode windows = node.putArray("windows");
    for (Window window : schedule.windows()) {
      ObjectNode written =
          windows
              .addObject()
              .put("from", window.from().toString())
              .put("to", window.to().toString());
      ArrayNode days = written.putArray("days");
      window.days().stream().sorted().map(Words::of).forEach(days::add);
    }
    ArrayNode freezes = node.putArray("freezes");
    for (Freeze freeze : schedule.freezes()) {
      freezes
          .addObject()
          .put("from", freeze.from().toString())
          .put("until", freeze.until().toString())
          .put("reason", freeze.reason());
    }
  }

  private static void stage(ObjectNode node, Stage stage) {
    node.set("percent", Numbers.node(stage.percent()));
    node.put("soak", Durations.format(stage.soak()));
    node.set("min_exposure_hours", Numbers.node(stage.minExposureHours()));
    ObjectNode margins = node.putObject("margins");
    margins.set("false_accepts", Numbers.node(stage.margins().falseAccepts()));
    if (stage.margins().falseRejects() != null) {
      margins.set("false_rejects", Numbers.node(stage.margins().falseRejects()));
    }
    if (stage.margins().power() != null) {
      margins.set("power", Numbers.node(stage.margins().power()));
    }
  }

  private static void offers(ObjectNode node, OfferRate offers) {
    node.set("per_minute", Numbers.node(offers.perMinute()));
    node.set("factor", Numbers.node(offers.factor()));
    node.put("every_successes", offers.everySuccesses());
    node.set("max_per_minute", Numbers.node(offers.maxPerMinute()));
    node.put("max_downloads", offers.maxDownloads());
  }

  private static void install(ObjectNode node, InstallPolicy install) {
    node.put("charging", install.charging())
        .put("battery_percent", install.batteryPercent())
        .put("idle", install.idle())
        .put("daily_bytes", Sizes.format(install.dailyBytes()));
  }

  private static void deadlines(ObjectNode node, Deadlines deadlines) {
    node.put("offered", Durations.format(deadlines.offered()))
        .put("downloading", Durations.format(deadlines.downloading()))
        .put("installing", Durations.format(deadlines.installing()))
        .put("trial", Durations.format(deadlines.trial()))
        .put("reverting", Durations.format(deadlines.reverting()))
        .put("waiting", Durations.format(deadlines.waiting()))
        .put("retries", deadlines.retries())
        .put("retry_after", Durations.format(deadlines.retryAfter()));
  }

  private static void gates(ObjectNode node, GatePolicy gates) {
    node.set("alpha", Numbers.node(gates.alpha()));
    node.set("max_failure_percent", Numbers.node(gates.maxFailurePercent()));
    node.put("silence_after", Durations.format(gates.silenceAfter()))
        .put("on_harm", Words.of(gates.onHarm()));
    ObjectNode actions = node.putObject("actions");
    gates.actions().forEach((metric, answer) -> actions.put(metric.label(), Words.of(answer)));
  }

  private static void approval(ObjectNode node, Approval approval) {
    node.put("count", approval.count());
    ArrayNode by = node.putArray("by");
    approval.by().stream().sorted().forEach(by::add);
    ArrayNode before = node.putArray("before");
    Words.MOMENTS.forEach(
        (word, start) -> {
          if (start ? approval.beforeStart() : approval.betweenStages()) {
            before.add(word);
          }
        });
  }
}

package dev.earshot.rollout.preview;

import dev.earshot.protocol.document.Durations;
import dev.earshot.rollout.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What somebody who is about to start a rollout should be told, in plain words. */
final class Warnings {
  private static final double USEFUL_HISTORY_HOURS = 24;

  private Warnings() {}

  static List<String> of(Plan plan, Audience audience, List<StagePreview> stages) {
    List<String> warnings = new ArrayList<>();
    if (audience.reachable() == 0) {
      warnings.add("no reachable device is in the cohort: the rollout would only wait");
      return warnings;
    }
    Instant startAt = plan.schedule().startAt();
    if (startAt != null) {
      plan.schedule()
          .freeze(startAt)
          .ifPresent(
              freeze ->
                  warnings.add(
                      "start_at lies in a freeze: nobody is told anything before "
                          + freeze.until()));
    }
    if (!audience.hasRates()) {
      warnings.add(
          "no false accept was counted on these devices lately: what the gates would see can't be"
              + " said");
      return warnings;
    }
    if (audience.historyHours() < USEFUL_HISTORY_HOURS) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "devices were observed for %.1f h on average; the gates see most with at least %.0f h"
                  + " before the rollout",
              audience.historyHours(),
              USEFUL_HISTORY_HOURS));
    }
    stages.forEach(stage -> add(warnings, stage));
    return warnings;
  }

  static List<String> assumptions(Plan plan) {
    List<String> assumptions = new ArrayList<>();
    assumptions.add(
        String.format(
            Locale.ROOT,
            "a download takes %.0f minute, and an update is committed when its trial of %s is over",
            OfferForecast.DOWNLOAD_MINUTES,
            Durations.format(plan.trial())));
    assumptions.add(
        "false accepts go on as they were since each device runs its present release; each stage"
            + " is judged by itself, with 80 % power, after what devices did before it");
    if (!plan.schedule().windows().isEmpty() || !plan.schedule().freezes().isEmpty()) {
      assumptions.add(
          "windows and freezes are left out: devices are told, and stages pass, later than this");
    }
    boolean otherMargins =
        plan.stages().stream()
            .anyMatch(
                stage -> stage.margins().falseRejects() != null || stage.margins().power() != null);
    if (otherMargins) {
      assumptions.add("margins on false rejects and power are left out: they may take longer");
    }
    if (plan.approval().count() > 0) {
      assumptions.add("approvals are given at once");
    }
    return assumptions;
  }

  private static void add(List<String> warnings, StagePreview stage) {
    String who = "stage " + stage.stage();
    if (stage.treated() == 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s treats no device: %s %% of %d is less than one; raise percent",
              who,
              percent(stage.percent()),
              stage.control()));
      return;
    }
    OptionalDouble effect = stage.atEndOfSoak().effect();
    if (effect.isEmpty() || effect.getAsDouble() > stage.margin() - 1) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s treats %d device%s: no increase%s is seen in its soak of %s, its margin asks for"
                  + " +%.0f %%; raise percent or soak",
              who,
              stage.treated(),
              stage.treated() == 1 ? "" : "s",
              effect.isEmpty()
                  ? " at all"
                  : String.format(Locale.ROOT, " below +%.0f %%", 100 * effect.getAsDouble()),
              Durations.format(stage.soak()),
              100 * (stage.margin() - 1)));
    }
    OptionalDouble hours = stage.marginHours();
    if (hours.isEmpty()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s may not pass by itself: its own devices never show a margin of %.2fx",
              who,
              stage.margin()));
    } else if (hours.getAsDouble() > stage.soak().toMillis() / 3_600_000.0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s is likely extended: its margin of %.2fx takes about %.0f h to show, its soak is"
                  + " %s",
              who,
              stage.margin(),
              Math.ceil(hours.getAsDouble()),
              Durations.format(stage.soak())));
    }
  }

  private static String percent(double percent) {
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f", percent)
        : String.valueOf(percent);
  }
}

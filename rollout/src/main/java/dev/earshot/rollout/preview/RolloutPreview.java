package dev.earshot.rollout.preview;

import dev.earshot.protocol.v1.Census;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.Planner;
import dev.earshot.rollout.gate.StratumPlan;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.Stage;
import dev.earshot.rollout.preview.StagePreview.Detectable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a plan would do to the fleet as it is: who, when, how many bytes, and what each stage could
 * see. A forecast from averages, each stage by itself; the gates of a real rollout also use what
 * earlier stages taught.
 *
 * @param audience whom it reaches
 * @param startAt when it starts by itself; null: when it is told to
 * @param releaseChips what the release runs on
 * @param modelBytes a device downloads
 * @param totalBytes all of them download
 * @param stages one for each stage of the plan
 * @param warnings what the author of the plan should think about; empty: nothing
 * @param assumptions what the numbers rest on
 */
public record RolloutPreview(
    Audience audience,
    @Nullable Instant startAt,
    List<String> releaseChips,
    long modelBytes,
    long totalBytes,
    List<StagePreview> stages,
    List<String> warnings,
    List<String> assumptions) {
  private static final double[] LOOK_HOURS = {1, 6, 24};
  private static final double MINUTES_PER_HOUR = 60;

  public RolloutPreview {
    releaseChips = List.copyOf(releaseChips);
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
    assumptions = List.copyOf(assumptions);
  }

  /**
   * Makes the forecast; the same arguments give the same one.
   *
   * @param census whom the plan would reach if it began now
   * @param modelBytes length of the model, at least 0
   * @param releaseChips what the release runs on
   */
  public static RolloutPreview of(
      Plan plan, Census census, long modelBytes, List<String> releaseChips) {
    Audience audience = Audience.of(census);
    List<StagePreview> stages = new ArrayList<>();
    Timeline time = new Timeline(0, OptionalDouble.of(0));
    double treatedBefore = 0;
    for (int number = 1; number <= plan.stages().size(); number++) {
      StageForecast forecast =
          new StageForecast(plan, number, audience, treatedBefore, time.earliest());
      time = time.after(forecast);
      stages.add(forecast.preview(modelBytes, time));
      treatedBefore = forecast.treated();
    }
    return new RolloutPreview(
        audience,
        plan.schedule().startAt(),
        releaseChips,
        modelBytes,
        stages.stream().mapToLong(StagePreview::bytes).sum(),
        stages,
        Warnings.of(plan, audience, stages),
        Warnings.assumptions(plan));
  }

  /** Hours from the start of the rollout until a stage is passed. */
  private record Timeline(double earliest, OptionalDouble likely) {
    Timeline after(StageForecast stage) {
      double offers = stage.offersMinutes() / MINUTES_PER_HOUR;
      double least = stage.leastHours();
      OptionalDouble margin = stage.marginHours();
      boolean known = likely.isPresent() && margin.isPresent();
      return new Timeline(
          earliest + offers + least,
          known
              ? OptionalDouble.of(
                  likely.getAsDouble() + offers + Math.max(least, margin.getAsDouble()))
              : OptionalDouble.empty());
    }
  }

  /**
   * The arithmetic of one stage, with expected numbers of devices.
   *
   * @param hoursBefore that earlier stages took at least: they are history when this one begins
   */
  private record StageForecast(
      Plan plan, int number, Audience audience, double treatedBefore, double hoursBefore) {
    private static final Planner PLANNER = new Planner();

    Stage stage() {
      return plan.stage(number);
    }

    double share() {
      return Math.min(stage().percent(), 100 - plan.holdbackPercent()) / 100;
    }

    double treated() {
      return share() * audience.reachable();
    }

    double joining() {
      return Math.max(0, treated() - treatedBefore);
    }

    double offersMinutes() {
      return OfferForecast.minutes(
          plan.offers(),
          joining(),
          Math.round(treatedBefore),
          plan.trial().toMillis() / 60_000.0 + OfferForecast.DOWNLOAD_MINUTES);
    }

    double soakHours() {
      return stage().soak().toMillis() / 3_600_000.0;
    }

    /** Hours after the offers before which the stage can't be passed. */
    double leastHours() {
      double perHour = audience.listeningPerHour() * share();
      double exposure = perHour > 0 ? stage().minExposureHours() / perHour : 0;
      return Math.max(soakHours(), exposure);
    }

    OptionalDouble marginHours() {
      return PLANNER.hoursToSee(
          strata(), stage().margins().falseAccepts() - 1, Decisions.NON_INFERIORITY_ALPHA);
    }

    Detectable detectable(double hours) {
      double alpha =
          Decisions.COUNTS_SHARE
              * new AlphaBudget(plan.gates().alpha()).alpha(Metric.FALSE_ACCEPTS);
      List<StratumPlan> strata = strata();
      boolean decides = PLANNER.information(strata, hours) >= Evidence.MIN_INFORMATION;
      return new Detectable(
          hours, decides ? PLANNER.detectableEffect(strata, hours, alpha) : OptionalDouble.empty());
    }

    List<StratumPlan> strata() {
      return audience.habitats().stream()
          .map(
              habitat ->
                  new StratumPlan(
                      habitat.devices() * share(),
                      habitat.devices() * (1 - share()),
                      habitat.falseAcceptsPerHour(),
                      habitat.duty(),
                      habitat.historyHours() + hoursBefore))
          .toList();
    }

    StagePreview preview(long modelBytes, Timeline passed) {
      List<Detectable> detectable = new ArrayList<>();
      for (double hours : LOOK_HOURS) {
        detectable.add(detectable(hours));
      }
      detectable.add(detectable(soakHours()));
      return new StagePreview(
          number,
          stage().percent(),
          Math.round(treated()),
          audience.reachable() - Math.round(treated()),
          Math.round(joining()),
          Math.round(joining()) * modelBytes,
          offersMinutes(),
          stage().soak(),
          passed.earliest(),
          passed.likely(),
          stage().margins().falseAccepts(),
          marginHours(),
          detectable);
    }
  }
}

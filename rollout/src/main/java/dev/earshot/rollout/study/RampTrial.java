package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole staged rollouts by the default stages: a stage is passed when its soak is over, no harm was
 * seen and the release was shown to be within the stage's margin; counts of a finished stage become
 * history, and harm is one test from the first stage to the last.
 *
 * @param seed of the study
 * @param workers who does it
 */
record RampTrial(long seed, Workers workers) {
  /** The stages, with 5 % held back to the end. */
  static final List<Stage> STAGES =
      List.of(
          new Stage(1, 6, 2.0),
          new Stage(5, 12, 1.5),
          new Stage(25, 24, 1.25),
          new Stage(95, 24, 1.15));

  /** A rollout that has not ended by then is given up, unfinished. */
  private static final int DAYS = 5;

  /**
   * A share of the devices in percent, hours of soak, and the margin to exclude before the next.
   */
  record Stage(int percent, int soakHours, double margin) {}

  /** How a rollout ended. */
  enum End {
    STOPPED,
    FINISHED,
    UNFINISHED
  }

  /**
   * One rollout.
   *
   * @param end how it ended
   * @param stage in which stage, from 1
   * @param hours when, from the start
   */
  record Result(End end, int stage, double hours) {}

  List<Result> run(double ratio, int rollouts) {
    Scenario scenario = Scenario.ramp(ratio);
    return workers.map(
        scenario.name(),
        rollouts,
        i ->
            new Run(SimulatedRollout.staged(scenario, Trial.seed(seed, scenario, i), DAYS)).play());
  }

  /** One rollout under way. */
  private static final class Run {
    private static final double ALPHA = AlphaBudget.DEFAULT.alpha(Metric.FALSE_ACCEPTS);

    private final SimulatedRollout rollout;
    private final FirstEvents firstEvents;
    private final FleetSums harm;
    private final List<FleetSums> margins = new ArrayList<>();

    Run(SimulatedRollout rollout) {
      this.rollout = rollout;
      firstEvents = new FirstEvents(rollout);
      harm = new FleetSums(rollout, CountsSettings.harm(), true);
      for (Stage stage : STAGES) {
        CountsSettings settings =
            new CountsSettings(
                stage.margin, CountsSettings.DEFAULT_SHAPE, CountsSettings.DEFAULT_TAU);
        margins.add(new FleetSums(rollout, settings, true));
      }
    }

    Result play() {
      for (int stage = 1; ; stage++) {
        start(stage);
        End end = during(stage);
        if (end != End.FINISHED || stage == STAGES.size()) {
          return new Result(end, stage, rollout.minute() / 60.0);
        }
        harm.endBlock();
        margins.forEach(FleetSums::endBlock);
      }
    }

    /** Treats the next devices: they were drawn in random order. */
    private void start(int stage) {
      int until = rollout.devices() * STAGES.get(stage - 1).percent / 100;
      for (int device = 0; device < until; device++) {
        rollout.treat(device);
      }
      firstEvents.startBlock();
      harm.startBlock();
      margins.forEach(FleetSums::startBlock);
    }

    private End during(int stage) {
      int start = rollout.minute();
      for (int minute = 1; start + minute <= DAYS * 24 * 60; minute = Looks.after(minute)) {
        rollout.advanceTo(start + minute);
        harm.update();
        margins.forEach(FleetSums::update);
        double firstLogE = firstEvents.update();
        if (Decisions.harm(harm.evaluate(), firstLogE, ALPHA) instanceof Verdict.Harm) {
          return End.STOPPED;
        }
        if (minute >= STAGES.get(stage - 1).soakHours * 60 && withinMargin(stage)) {
          return End.FINISHED;
        }
      }
      return End.UNFINISHED;
    }

    private boolean withinMargin(int stage) {
      return Decisions.promotion(margins.get(stage - 1).evaluate(), Decisions.NON_INFERIORITY_ALPHA)
          instanceof Verdict.NonInferior;
    }
  }
}

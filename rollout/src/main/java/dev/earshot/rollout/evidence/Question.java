package dev.earshot.rollout.evidence;

import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One thing that a gate is asked during a rollout: is the metric worse (theta0 = 1), or is it worse
 * by less than a stage's margin (theta0 = the margin)?
 */
public record Question(CountMetric metric, double theta0) {
  /** Whether harm is asked. */
  public boolean harm() {
    return theta0 == 1;
  }

  /** How the statistics are asked. */
  public CountsSettings settings() {
    return new CountsSettings(theta0, CountsSettings.DEFAULT_SHAPE, CountsSettings.DEFAULT_TAU);
  }

  /** Is the metric worse at all? */
  public static Question harm(CountMetric metric) {
    return new Question(metric, 1);
  }

  /** Is it worse by less than the stage's margin? */
  public static Question margin(Plan plan, int stage) {
    return new Question(CountMetric.FALSE_ACCEPTS, plan.stage(stage).margins().falseAccepts());
  }

  /**
   * Everything whose sums a stage must gather: harm, its own margin, and those of later stages,
   * because evidence adds up over stages for each question by itself.
   */
  public static List<Question> during(Plan plan, int stage) {
    List<Question> questions = new ArrayList<>();
    for (CountMetric metric : CountMetric.values()) {
      questions.add(harm(metric));
    }
    TreeSet<Double> margins = new TreeSet<>();
    for (int later = stage; later <= plan.stages().size(); later++) {
      margins.add(plan.stage(later).margins().falseAccepts());
    }
    margins.forEach(margin -> questions.add(new Question(CountMetric.FALSE_ACCEPTS, margin)));
    return questions;
  }
}

package dev.earshot.rollout.evidence;

import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.plan.Margins;
import dev.earshot.rollout.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

  /** Which metrics a stage must show to be worse by less than its margin. */
  public static List<Question> margins(Plan plan, int stage) {
    Margins margins = plan.stage(stage).margins();
    List<Question> questions = new ArrayList<>();
    questions.add(new Question(CountMetric.FALSE_ACCEPTS, margins.falseAccepts()));
    if (margins.falseRejects() != null) {
      questions.add(new Question(CountMetric.FALSE_REJECTS, margins.falseRejects()));
    }
    return questions;
  }

  /**
   * Everything whose sums a stage must gather: harm, its own margins, and those of later stages,
   * because evidence adds up over stages for each question by itself.
   */
  public static List<Question> during(Plan plan, int stage) {
    Set<Question> questions = new LinkedHashSet<>();
    for (CountMetric metric : CountMetric.values()) {
      questions.add(harm(metric));
    }
    for (int later = stage; later <= plan.stages().size(); later++) {
      questions.addAll(margins(plan, later));
    }
    return List.copyOf(questions);
  }
}

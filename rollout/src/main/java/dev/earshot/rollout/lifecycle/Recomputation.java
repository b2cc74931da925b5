package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.plan.PlanFormat;
import java.util.List;

/**
 * A decision computed again from the audit trail, by the code that took it: for whoever does not
 * want to believe.
 */
public final class Recomputation {
  private Recomputation() {}

  /**
   * How the gates stood.
   *
   * @param plan of the rollout, JSON or YAML
   * @param stages the sums in the event, finished stages first, the running one last
   */
  public static List<GateReport> of(String plan, List<StageSums> stages) {
    if (stages.isEmpty()) {
      return List.of();
    }
    return new GateBook(
            PlanFormat.read(plan),
            stages.subList(0, stages.size() - 1),
            stages.getLast(),
            Double.NaN)
        .read()
        .gates();
  }
}

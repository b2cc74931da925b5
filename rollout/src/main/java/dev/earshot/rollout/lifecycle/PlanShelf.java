package dev.earshot.rollout.lifecycle;

import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Plans by their text, so that a rollout's is read once and not at every look: compiling its cohort
 * takes a millisecond. The same text is the same plan for ever. For use by one thread.
 */
final class PlanShelf {
  private static final int MOST = 256;

  private final Map<String, Plan> plans =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Plan> eldest) {
          return size() > MOST;
        }
      };

  Plan of(String text) {
    return plans.computeIfAbsent(text, PlanFormat::read);
  }
}

package dev.earshot.ndp.chip;

import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Whether a model fits a chip, and if not, every reason at once. */
public sealed interface Fit {
  /** It fits. */
  record Fits() implements Fit {}

  /**
   * It does not.
   *
   * @param reasons one sentence each, for people, such as {@code parameters 612,000 > 589,000}
   */
  record Exceeds(List<String> reasons) implements Fit {
    public Exceeds {
      reasons = List.copyOf(reasons);
    }
  }

  /** Holds a model against a chip's operators and limits. */
  static Fit of(NdpModel model, ChipProfile chip) {
    return of(model.summary(), chip);
  }

  static Fit of(ModelSummary model, ChipProfile chip) {
    List<String> reasons = new ArrayList<>();
    TreeSet<String> unsupported = new TreeSet<>();
    for (ModelSummary.Step step : model.steps()) {
      if (!chip.operators().contains(step.kind())) {
        unsupported.add(step.kind());
      }
    }
    if (!unsupported.isEmpty()) {
      reasons.add(
          "operators %s are not supported (only %s)"
              .formatted(String.join(", ", unsupported), String.join(", ", chip.operators())));
    }
    for (Limit limit : chip.limits()) {
      long value = limit.quantity().of(model);
      if (value > limit.most()) {
        reasons.add(
            "%s %s > %s"
                .formatted(
                    limit.quantity().words(),
                    limit.quantity().text(value),
                    limit.quantity().text(limit.most())));
      }
    }
    return reasons.isEmpty() ? new Fits() : new Exceeds(reasons);
  }
}

package dev.earshot.ndp.chip;

import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import java.util.ArrayList;
import java.util.List;

/** Whether a model fits a chip, and if not, every reason at once. */
public sealed interface Fit {
  /** It fits. */
  record Fits() implements Fit {}

  /**
   * It does not.
   *
   * @param misfits every one; at least one
   */
  record Exceeds(List<Misfit> misfits) implements Fit {
    public Exceeds {
      misfits = List.copyOf(misfits);
    }

    /** One sentence each, for people, such as {@code parameters 612,000 > 589,000}. */
    public List<String> reasons() {
      return misfits.stream().map(Misfit::text).toList();
    }
  }

  /** One thing about a model that a chip can't do. */
  sealed interface Misfit {
    /** A sentence for people. */
    String text();
  }

  /**
   * It has operators that the chip does not run.
   *
   * @param unsupported their kinds, sorted
   * @param supported what the chip runs
   */
  record Operators(List<String> unsupported, List<String> supported) implements Misfit {
    public Operators {
      unsupported = List.copyOf(unsupported);
      supported = List.copyOf(supported);
    }

    @Override
    public String text() {
      return "operators %s are not supported (only %s)"
          .formatted(String.join(", ", unsupported), String.join(", ", supported));
    }
  }

  /**
   * It needs more than the chip has.
   *
   * @param limit what is exceeded
   * @param value of the model
   */
  record Over(Limit limit, long value) implements Misfit {
    /** By how much, in the limit's own unit; above 0. */
    public long excess() {
      return value - limit.most();
    }

    @Override
    public String text() {
      Limit.Quantity quantity = limit.quantity();
      return "%s %s > %s"
          .formatted(quantity.words(), quantity.text(value), quantity.text(limit.most()));
    }
  }

  /** Holds a model against a chip's operators and limits. */
  static Fit of(NdpModel model, ChipProfile chip) {
    return of(model.summary(), chip);
  }

  static Fit of(ModelSummary model, ChipProfile chip) {
    List<Misfit> misfits = new ArrayList<>();
    List<String> unsupported =
        model.steps().stream()
            .map(ModelSummary.Step::kind)
            .filter(kind -> !chip.operators().contains(kind))
            .distinct()
            .sorted()
            .toList();
    if (!unsupported.isEmpty()) {
      misfits.add(new Operators(unsupported, chip.operators()));
    }
    for (Limit limit : chip.limits()) {
      long value = limit.quantity().of(model);
      if (value > limit.most()) {
        misfits.add(new Over(limit, value));
      }
    }
    return misfits.isEmpty() ? new Fits() : new Exceeds(misfits);
  }
}

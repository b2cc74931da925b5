package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import org.jspecify.annotations.Nullable;

/**
 * The ratios (treated over control) that must be excluded before a stage is passed: non-inferiority
 * margins, each above 1 to 100.
 *
 * @param falseAccepts of the rate of false accepts; always asked
 * @param falseRejects of the share of wake attempts that seem to be missed; null: not asked
 * @param power of the listening chip's mean power; null: not asked
 */
public record Margins(double falseAccepts, @Nullable Double falseRejects, @Nullable Double power) {
  public Margins {
    Checks checks = new Checks();
    check(checks, "margins.false_accepts", falseAccepts);
    check(checks, "margins.false_rejects", falseRejects);
    check(checks, "margins.power", power);
    checks.done();
  }

  /** False accepts only. */
  public static Margins of(double falseAccepts) {
    return new Margins(falseAccepts, null, null);
  }

  private static void check(Checks checks, String field, @Nullable Double margin) {
    if (margin != null) {
      checks.require(margin > 1 && margin <= 100, field, margin, "above 1 to 100, such as 1.25");
    }
  }
}

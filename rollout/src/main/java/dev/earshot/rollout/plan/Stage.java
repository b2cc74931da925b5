package dev.earshot.rollout.plan;

import java.time.Duration;

/**
 * One step of a rollout.
 *
 * @param percent of the cohort that is treated, above 0 to 100; stages grow
 * @param soak fleet time to listen at least after all offers are out
 * @param margin the rate ratio (treated over control) of false accepts that must be excluded before
 *     the next stage; above 1
 */
public record Stage(double percent, Duration soak, double margin) {
  public Stage {
    Checks.require(percent > 0 && percent <= 100, "percent", percent, "above 0 to 100");
    Checks.require(!soak.isNegative(), "soak", Durations.format(soak), "not negative");
    Checks.require(margin > 1 && margin <= 100, "margin", margin, "above 1, such as 1.25");
  }
}

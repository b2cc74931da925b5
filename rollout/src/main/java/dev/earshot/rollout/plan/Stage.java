package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import java.time.Duration;

/**
 * One step of a rollout.
 *
 * @param percent of the cohort that is treated, above 0 to 100; stages grow
 * @param soak fleet time to listen at least after all offers are out
 * @param minExposureHours listening hours that treated devices must have gathered in this stage at
 *     least; 0: what the margins need is enough
 * @param margins what must be excluded before the next stage
 */
public record Stage(double percent, Duration soak, double minExposureHours, Margins margins) {
  public Stage {
    new Checks()
        .require(percent > 0 && percent <= 100, "percent", percent, "above 0 to 100")
        .notNegative("soak", soak, Checks.LONGEST)
        .require(
            minExposureHours >= 0 && minExposureHours <= 1e9,
            "min_exposure_hours",
            minExposureHours,
            "0 to 1000000000 listening hours")
        .done();
  }

  /** Without a minimum exposure, with a margin on false accepts only. */
  public Stage(double percent, Duration soak, double margin) {
    this(percent, soak, 0, Margins.of(margin));
  }
}

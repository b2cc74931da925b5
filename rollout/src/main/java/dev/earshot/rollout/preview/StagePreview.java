package dev.earshot.rollout.preview;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one stage would do and could see. Counts of devices are expected values, rounded.
 *
 * @param stage from 1
 * @param percent of the cohort that is treated
 * @param treated devices that have the release or get it
 * @param control devices that they are compared with
 * @param joining those of the treated that this stage adds
 * @param bytes that this stage downloads
 * @param offersMinutes until all its offers are out
 * @param soak minimum listening after that
 * @param passesEarliestHours after the start of the rollout: offers, soak, minimum exposure of this
 *     and all stages before
 * @param passesLikelyHours the same with the time until each margin is likely shown; empty when it
 *     never is
 * @param margin rate ratio of false accepts that must be excluded
 * @param marginHours after its offers, until that is likely when the release is as good as control;
 *     empty: these devices never show it
 * @param detectable what it finds after some hours of listening, ascending, with the soak last
 */
public record StagePreview(
    int stage,
    double percent,
    long treated,
    long control,
    long joining,
    long bytes,
    double offersMinutes,
    Duration soak,
    double passesEarliestHours,
    OptionalDouble passesLikelyHours,
    double margin,
    OptionalDouble marginHours,
    List<Detectable> detectable) {

  /**
   * The smallest increase of false accepts that is found with 80 % power.
   *
   * @param hours after all offers of the stage are out
   * @param effect 0.5 for +50 %; empty: none is
   */
  public record Detectable(double hours, OptionalDouble effect) {}

  public StagePreview {
    detectable = List.copyOf(detectable);
  }

  /** At the end of its soak. */
  public Detectable atEndOfSoak() {
    return detectable.getLast();
  }
}

package dev.earshot.rollout.plan;

import java.time.Duration;

/**
 * How long a device may stay in each state of its update, in fleet time. Silence counts as failure.
 *
 * @param offered from the offer to the first sign of work; also until when the device may begin
 * @param downloading from then to a complete download
 * @param installing for each of verifying, installing and swapping
 * @param trial beyond the trial period itself
 * @param reverting for going back after a rollback was ordered
 */
public record Deadlines(
    Duration offered,
    Duration downloading,
    Duration installing,
    Duration trial,
    Duration reverting) {
  /** Generous: a device may be off the net for a night. */
  public static final Deadlines DEFAULT =
      new Deadlines(
          Duration.ofHours(12),
          Duration.ofHours(6),
          Duration.ofHours(6),
          Duration.ofHours(6),
          Duration.ofHours(24));

  public Deadlines {
    Checks.positive("deadlines.offered", offered);
    Checks.positive("deadlines.downloading", downloading);
    Checks.positive("deadlines.installing", installing);
    Checks.positive("deadlines.trial", trial);
    Checks.positive("deadlines.reverting", reverting);
  }
}

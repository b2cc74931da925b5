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
 * @param retries how often an update that timed out, lost its connection or came damaged is ordered
 *     again before it counts as failed, 0 to 10
 * @param retryAfter pause before each of those
 */
public record Deadlines(
    Duration offered,
    Duration downloading,
    Duration installing,
    Duration trial,
    Duration reverting,
    int retries,
    Duration retryAfter) {
  /** Generous: a device may be off the net for a night. */
  public static final Deadlines DEFAULT =
      new Deadlines(
          Duration.ofHours(12),
          Duration.ofHours(6),
          Duration.ofHours(6),
          Duration.ofHours(6),
          Duration.ofHours(24),
          1,
          Duration.ofMinutes(15));

  public Deadlines {
    Checks.positive("deadlines.offered", offered);
    Checks.positive("deadlines.downloading", downloading);
    Checks.positive("deadlines.installing", installing);
    Checks.positive("deadlines.trial", trial);
    Checks.positive("deadlines.reverting", reverting);
    Checks.require(retries >= 0 && retries <= 10, "deadlines.retries", retries, "0 to 10");
    Checks.positive("deadlines.retry_after", retryAfter);
  }
}

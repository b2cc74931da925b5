package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import java.time.Duration;

/**
 * How long a device may stay in each state of its update, in fleet time. Silence counts as failure.
 *
 * @param offered from the offer to the first sign of work; also until when the device may begin
 * @param downloading from then to a complete download
 * @param installing for each of verifying, installing and swapping
 * @param trial beyond the trial period itself
 * @param reverting for going back after a rollback was ordered
 * @param waiting from the offer, for as long as a device says that it waits for a condition of the
 *     plan's {@code install}: no other deadline runs meanwhile, and each begins anew when it goes
 *     on. Who still waits then is left out of the rollout, which is no failure
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
    Duration waiting,
    int retries,
    Duration retryAfter) {
  /**
   * Generous, so that only what is really stuck counts as failed: an offer waits for a night off
   * the net, work that has begun gets a quarter of a day, going back a whole day as it matters
   * most; whoever waits for a charger is given a week, in which most come to one; one retry after a
   * quarter of an hour forgives one bad connection, and hides no more.
   */
  public static final Deadlines DEFAULT =
      new Deadlines(
          Duration.ofHours(12),
          Duration.ofHours(6),
          Duration.ofHours(6),
          Duration.ofHours(6),
          Duration.ofHours(24),
          Duration.ofDays(7),
          1,
          Duration.ofMinutes(15));

  public Deadlines {
    new Checks()
        .positive("deadlines.offered", offered)
        .positive("deadlines.downloading", downloading)
        .positive("deadlines.installing", installing)
        .positive("deadlines.trial", trial)
        .positive("deadlines.reverting", reverting)
        .positive("deadlines.waiting", waiting)
        .require(retries >= 0 && retries <= 10, "deadlines.retries", retries, "0 to 10")
        .positive("deadlines.retry_after", retryAfter)
        .done();
  }
}

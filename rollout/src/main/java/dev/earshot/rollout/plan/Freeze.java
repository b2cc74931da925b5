package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import java.time.Instant;

/**
 * A time in which nobody gets a new offer and no stage begins; gates go on listening, and harm
 * still rolls back.
 *
 * @param from begin, fleet time
 * @param until end, exclusive; after {@code from}
 * @param reason for people, such as {@code holidays}; may be empty, at most 200 characters
 */
public record Freeze(Instant from, Instant until, String reason) {
  public Freeze {
    new Checks()
        .instant("from", from)
        .instant("until", until)
        .require(reason.length() <= 200, "reason", reason.length() + " characters", "at most 200")
        .fit(until.isAfter(from), "until", until, "after from, " + from, "from")
        .done();
  }

  /** Whether that instant lies within. */
  public boolean contains(Instant instant) {
    return !instant.isBefore(from) && instant.isBefore(until);
  }
}

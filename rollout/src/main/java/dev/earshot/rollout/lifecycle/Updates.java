package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.StateCount;
import java.util.Collection;

/**
 * How many treated devices fared how.
 *
 * @param committed the new release listens
 * @param failed said that it did not work, or refused
 * @param silent said nothing for too long
 * @param pending still under way
 */
public record Updates(long committed, long failed, long silent, long pending) {
  /** Adds up counts, of one stage or of several. */
  public static Updates of(Collection<StateCount> counts) {
    long committed = 0;
    long failed = 0;
    long silent = 0;
    long pending = 0;
    for (StateCount count : counts) {
      switch (count.getState()) {
        case ASSIGNMENT_COMMITTED -> committed += count.getDevices();
        case ASSIGNMENT_FAILED, ASSIGNMENT_REJECTED, ASSIGNMENT_ROLLED_BACK ->
            failed += count.getDevices();
        case ASSIGNMENT_TIMED_OUT -> silent += count.getDevices();
        case ASSIGNMENT_OFFERED,
            ASSIGNMENT_DOWNLOADING,
            ASSIGNMENT_DOWNLOADED,
            ASSIGNMENT_VERIFIED,
            ASSIGNMENT_INSTALLED,
            ASSIGNMENT_TRIAL ->
            pending += count.getDevices();
        case ASSIGNMENT_SUPERSEDED, ASSIGNMENT_STATE_UNSPECIFIED, UNRECOGNIZED -> {
          // Ended with the rollout, neither well nor badly.
        }
      }
    }
    return new Updates(committed, failed, silent, pending);
  }

  /** Those that ended badly; silence counts as failure. */
  public long bad() {
    return failed + silent;
  }

  /** Those that ended. */
  public long ended() {
    return committed + failed + silent;
  }
}

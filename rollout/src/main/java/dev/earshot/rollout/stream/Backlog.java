package dev.earshot.rollout.stream;

import java.time.Instant;

/**
 * Up to when it is known what the devices of a partition have said. After a stop of the service
 * their messages wait in Kafka; until these have been read, a device's silence is only our own. For
 * use by one thread; times of the machine in Unix ms.
 */
final class Backlog {
  /** A message that was written this recently is news: there is no backlog. */
  private static final long NEWS_MILLIS = 10_000;

  /** When nothing at all comes in for this long, nothing waits. */
  private static final long QUIET_MILLIS = 10_000;

  private Instant readUpTo = Instant.EPOCH;
  private boolean behind = true;
  private long readAtMillis;

  /** Begins, or begins anew: what waits is not known. */
  Backlog(long machineMillis) {
    readAtMillis = machineMillis;
  }

  /**
   * A message was read.
   *
   * @param writtenMillis when it was written to Kafka
   * @param receivedAt when the gateway had it, fleet time
   */
  void read(long writtenMillis, Instant receivedAt, long machineMillis) {
    behind = machineMillis - writtenMillis >= NEWS_MILLIS;
    readAtMillis = machineMillis;
    if (receivedAt.isAfter(readUpTo)) {
      readUpTo = receivedAt;
    }
  }

  /**
   * Fleet time up to which silence may be held against a device.
   *
   * @param now fleet time
   */
  Instant judgedAt(Instant now, long machineMillis) {
    if (behind && machineMillis - readAtMillis >= QUIET_MILLIS) {
      behind = false;
    }
    return behind && readUpTo.isBefore(now) ? readUpTo : now;
  }
}

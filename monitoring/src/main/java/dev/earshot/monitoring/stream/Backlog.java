package dev.earshot.monitoring.stream;

/**
 * Up to when it is known what a partition's devices have said. While messages wait in Kafka, after
 * a stop of this service, a device's silence is only our own. For use by one thread.
 */
final class Backlog {
  /** A message that was written this recently is news; so is none at all for that long. */
  private static final long NEWS_MILLIS = 10_000;

  private long readUpToMillis;
  private long readAtMillis;
  private boolean behind = true;

  Backlog(long machineMillis) {
    readAtMillis = machineMillis;
  }

  /**
   * A message was read.
   *
   * @param writtenMillis when it was written to Kafka, machine time
   * @param receivedMillis when the gateway had it, fleet time
   */
  void read(long writtenMillis, long receivedMillis, long machineMillis) {
    behind = machineMillis - writtenMillis >= NEWS_MILLIS;
    readAtMillis = machineMillis;
    readUpToMillis = Math.max(readUpToMillis, receivedMillis);
  }

  /** The fleet's time up to which silence can be told, at {@code fleetMillis}. */
  long judgedAtMillis(long fleetMillis, long machineMillis) {
    behind &= machineMillis - readAtMillis < NEWS_MILLIS;
    return behind ? Math.min(readUpToMillis, fleetMillis) : fleetMillis;
  }
}

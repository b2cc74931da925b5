package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.FleetSnapshot;

/**
 * Where a partition's counts are put up for readers: only those that Kafka has committed. A crash
 * takes back what was not, and a counter that goes down looks to Prometheus like one that began
 * anew, so that it would add the whole count once more.
 *
 * <p>The stream thread commits between two turns at the latest, because turns are further apart
 * than the commit interval, and it comes back here only when the commit went well. A transaction
 * that was open at one turn may be committed after the next one; what was put down two turns ago is
 * committed for certain.
 */
final class Board {
  private FleetSnapshot before;
  private FleetSnapshot last;
  private volatile FleetSnapshot shown;
  private long turnedMillis;

  /** Begins with what was read back from Kafka. */
  Board(FleetSnapshot committed, long machineMillis) {
    this.before = committed;
    this.last = committed;
    this.shown = committed;
    this.turnedMillis = machineMillis;
  }

  /** Whether it is time for a turn. */
  boolean isDue(long machineMillis) {
    return machineMillis - turnedMillis >= HealthStream.TURN_MILLIS || machineMillis < turnedMillis;
  }

  /** Puts down what is counted now and shows what is committed. On the stream thread only. */
  void turn(FleetSnapshot now, long machineMillis) {
    shown = before;
    before = last;
    last = now;
    turnedMillis = machineMillis;
  }

  /** What was committed. Any thread. */
  FleetSnapshot shown() {
    return shown;
  }
}

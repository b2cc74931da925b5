package dev.earshot.simulator.truth;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.UpdateState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the truth of a whole fleet since it was started; where nothing happened, it has no entry.
 * Sums only: what a device must remember of itself is in the device. Safe for use by many threads.
 */
public final class Ledger {
  private final ConcurrentMap<Truth.Key, Counts> happened = new ConcurrentHashMap<>();
  private final ConcurrentMap<Truth.Key, Counts> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentMap<Truth.Key, Counts> destroyed = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> committed = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> rolledBack = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> failed = new ConcurrentHashMap<>();
  private final LongAdder bricked = new LongAdder();
  private final LongAdder lostIntervals = new LongAdder();

  /** It happened, whether or not anybody will ever hear of it. */
  public void happened(String release, Environment environment, Counts counts) {
    book(happened, new Truth.Key(release, environment), counts);
  }

  /** The gateway has taken over a heartbeat with these counts; told once for each heartbeat. */
  public void acknowledged(String release, Environment environment, Counts counts) {
    book(acknowledged, new Truth.Key(release, environment), counts);
  }

  /**
   * It happened, and no acknowledged heartbeat will ever tell of it: a power cut, a full queue or
   * the end of the device destroyed it. The gateway may have it all the same, when only its
   * acknowledgement was destroyed.
   */
  public void destroyed(String release, Environment environment, Counts counts) {
    book(destroyed, new Truth.Key(release, environment), counts);
  }

  /** An update to that release has ended on a device; told once for each. */
  public void updateEnded(String release, UpdateState how) {
    switch (how) {
      case COMMITTED -> count(committed, release);
      case ROLLED_BACK -> count(rolledBack, release);
      case FAILED, REJECTED -> count(failed, release);
      case UPDATE_STATE_UNSPECIFIED,
          DOWNLOADING,
          DOWNLOADED,
          VERIFIED,
          INSTALLED,
          TRIAL,
          UNRECOGNIZED ->
          throw new IllegalArgumentException(how + " (expected: a state in which an update ends)");
    }
  }

  /** The power failed in the middle of an interval: what happened in it is not reported. */
  public void intervalLost() {
    lostIntervals.increment();
  }

  /** Intervals that ended with the power, before they were a heartbeat. */
  public long lostIntervals() {
    return lostIntervals.sum();
  }

  /** A device will never boot again. */
  public void bricked() {
    bricked.increment();
  }

  private static void book(ConcurrentMap<Truth.Key, Counts> side, Truth.Key key, Counts counts) {
    if (!counts.equals(Counts.NONE)) {
      side.merge(key, counts, Counts::plus);
    }
  }

  private static void count(ConcurrentMap<String, LongAdder> counts, String release) {
    counts.computeIfAbsent(release, key -> new LongAdder()).increment();
  }

  /** The ledger now. While devices run, its two halves may be an instant apart. */
  public Truth snapshot() {
    Map<Truth.Key, Counts> received = new HashMap<>(acknowledged);
    return new Truth(new HashMap<>(happened), received);
  }

  /**
   * What was destroyed so far. When the fleet has come to rest, {@code happened = acknowledged +
   * destroyed}, to the count.
   */
  public Map<Truth.Key, Counts> destroyed() {
    return new HashMap<>(destroyed);
  }

  /** What became of devices and updates so far. */
  public Fates fates() {
    return new Fates(sums(committed), sums(rolledBack), sums(failed), bricked.sum());
  }

  private static Map<String, Long> sums(ConcurrentMap<String, LongAdder> counts) {
    Map<String, Long> sums = new HashMap<>();
    counts.forEach((release, count) -> sums.put(release, count.sum()));
    return sums;
  }
}

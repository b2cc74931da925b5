package dev.earshot.simulator.truth;

import dev.earshot.protocol.v1.Environment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps the truth of a whole fleet since it was started; where nothing happened, it has no entry.
 * Safe for use by many threads.
 */
public final class Ledger {
  private final ConcurrentMap<Truth.Key, Counts> happened = new ConcurrentHashMap<>();
  private final ConcurrentMap<Truth.Key, Counts> acknowledged = new ConcurrentHashMap<>();

  /** It happened, whether or not anybody will ever hear of it. */
  public void happened(String release, Environment environment, Counts counts) {
    book(happened, new Truth.Key(release, environment), counts);
  }

  /** The gateway has taken over a heartbeat with these counts; told once for each heartbeat. */
  public void acknowledged(String release, Environment environment, Counts counts) {
    book(acknowledged, new Truth.Key(release, environment), counts);
  }

  private static void book(ConcurrentMap<Truth.Key, Counts> side, Truth.Key key, Counts counts) {
    if (!counts.equals(Counts.NONE)) {
      side.merge(key, counts, Counts::plus);
    }
  }

  /** The ledger now. While devices run, its two halves may be an instant apart. */
  public Truth snapshot() {
    Map<Truth.Key, Counts> received = new HashMap<>(acknowledged);
    return new Truth(new HashMap<>(happened), received);
  }
}

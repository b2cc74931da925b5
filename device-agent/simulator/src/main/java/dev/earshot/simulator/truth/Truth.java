package dev.earshot.simulator.truth;

import dev.earshot.protocol.v1.Environment;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ledger at one moment. {@code happened = acknowledged + unacknowledged}; after a successful
 * quiesce, what is unacknowledged is what power cuts and overflowing queues destroyed on the device
 * (of which a part may have reached the gateway all the same: its acknowledgement did not). Without
 * such faults nothing is.
 *
 * @param happened by release and environment, as the world knows it
 * @param acknowledged by release and environment, what heartbeats carried that the gateway
 *     acknowledged
 */
public record Truth(Map<Key, Counts> happened, Map<Key, Counts> acknowledged) {

  public Truth {
    happened = Map.copyOf(happened);
    acknowledged = Map.copyOf(acknowledged);
  }

  /** Which model listened ({@code name:version}), where. */
  public record Key(String release, Environment environment) {}

  /** Both parts of a fleet together. */
  public Truth plus(Truth other) {
    return new Truth(sum(happened, other.happened), sum(acknowledged, other.acknowledged));
  }

  /** Everything that happened. */
  public Counts totalHappened() {
    return total(happened);
  }

  /** Everything that was acknowledged. */
  public Counts totalAcknowledged() {
    return total(acknowledged);
  }

  /** What happened but was not acknowledged (yet). */
  public Counts unacknowledged() {
    return totalHappened().minus(totalAcknowledged());
  }

  /** What happened, by release. */
  public Map<String, Counts> happenedByRelease() {
    Map<String, Counts> byRelease = new TreeMap<>();
    happened.forEach((key, counts) -> byRelease.merge(key.release(), counts, Counts::plus));
    return byRelease;
  }

  private static Map<Key, Counts> sum(Map<Key, Counts> one, Map<Key, Counts> other) {
    Map<Key, Counts> sums = new HashMap<>(one);
    other.forEach((key, counts) -> sums.merge(key, counts, Counts::plus));
    return sums;
  }

  private static Counts total(Map<Key, Counts> counts) {
    return counts.values().stream().reduce(Counts.NONE, Counts::plus);
  }
}

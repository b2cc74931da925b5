package dev.earshot.simulator.truth;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of devices and their updates, by what stands in their flash.
 *
 * @param committed updates that were committed, by release; a device counts once for each update
 * @param rolledBack updates that a device came back from, by itself or as it was told; by the release
 *     that the ended command named
 * @param failed updates that ended before the new model listened, by release
 * @param bricked devices that never boot again
 */
public record Fates(
    Map<String, Long> committed, Map<String, Long> rolledBack, Map<String, Long> failed, long bricked) {
  public static final Fates NONE = new Fates(Map.of(), Map.of(), Map.of(), 0);

  public Fates {
    committed = sorted(committed);
    rolledBack = sorted(rolledBack);
    failed = sorted(failed);
  }

  /** Updates that were committed. */
  public long totalCommitted() {
    return sum(committed);
  }

  /** Updates that devices came back from. */
  public long totalRolledBack() {
    return sum(rolledBack);
  }

  /** Updates that ended before the new model listened. */
  public long totalFailed() {
    return sum(failed);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Long> sorted(Map<String, Long> counts) {
    return Collections.unmodifiableMap(new TreeMap<>(counts));
  }
}

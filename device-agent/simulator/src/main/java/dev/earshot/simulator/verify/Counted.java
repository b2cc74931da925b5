package dev.earshot.simulator.verify;

import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.util.Map;

/**
 * What somebody counted.
 *
 * @param by who, for tables
 * @param counts by release and environment
 * @param intervals how many intervals are in it; negative when nobody says
 */
public record Counted(String by, Map<Truth.Key, Counts> counts, long intervals) {
  /** Nobody says how many intervals. */
  public static final long UNTOLD = -1;

  public Counted {
    counts = Map.copyOf(counts);
  }

  Counts at(Truth.Key key) {
    return counts.getOrDefault(key, Counts.NONE);
  }
}

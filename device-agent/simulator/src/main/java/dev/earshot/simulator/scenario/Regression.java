package dev.earshot.simulator.scenario;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Environment;
import java.util.Set;

/**
 * A fault of a model that its evaluation does not show: planted, to be found.
 *
 * @param release whose
 * @param metric what gets worse
 * @param factor by how much: false accepts, misses, power and latency are multiplied; crashes are
 *     events for each device and day
 * @param environments where; empty: everywhere
 */
public record Regression(
    ReleaseRef release, Metric metric, double factor, Set<Environment> environments) {
  public Regression {
    environments = Set.copyOf(environments);
  }

  /** What can get worse. */
  public enum Metric {
    FALSE_ACCEPTS,
    MISSES,
    NDP_POWER,
    BATTERY_DRAIN,
    LATENCY,
    CRASHES,
    /** factor: share of the devices that fall silent when they run it. */
    SILENCE
  }
}

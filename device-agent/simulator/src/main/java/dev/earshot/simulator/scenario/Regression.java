package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Numbers;
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
    new Checks()
        .require(
            factor >= 0 && factor <= metric.most(),
            "factor",
            factor,
            "0 to " + Numbers.plain(metric.most()))
        .done();
  }

  /** Whether it is to be seen there. */
  public boolean isIn(Environment environment) {
    return environments.isEmpty() || environments.contains(environment);
  }

  /** What can get worse. */
  public enum Metric {
    FALSE_ACCEPTS(1000, 2),
    MISSES(1000, 2),
    NDP_POWER(1000, 2),
    BATTERY_DRAIN(1000, 2),
    LATENCY(1000, 2),
    /** factor: unexpected reboots for each device and day. */
    CRASHES(10_000, 4),
    /** factor: share of the devices that fall silent when they run it. */
    SILENCE(1, .2);

    private final double most;
    private final double usual;

    Metric(double most, double usual) {
      this.most = most;
      this.usual = usual;
    }

    /** How it is written in scenarios and reports. */
    public String word() {
      return ScenarioWords.word(this);
    }

    double most() {
      return most;
    }

    /** The factor when none is written. */
    double usual() {
      return usual;
    }
  }
}

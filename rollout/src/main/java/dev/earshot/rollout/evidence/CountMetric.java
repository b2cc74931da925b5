package dev.earshot.rollout.evidence;

import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.rollout.gate.Metric;

/** The metrics that count events over exposure. */
public enum CountMetric {
  /** Wakes that the second stage rejected, per listening hour. */
  FALSE_ACCEPTS(RolloutMetric.FALSE_ACCEPTS, Metric.FALSE_ACCEPTS, "h"),
  /** Near misses followed by a successful retry, per wake attempt. */
  FALSE_REJECTS(RolloutMetric.FALSE_REJECTS, Metric.FALSE_REJECTS, "attempts"),
  /** Wakes that the second stage did not reject, per listening hour; fewer are harm. */
  WAKES(RolloutMetric.WAKES, Metric.WAKES, "h");

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final RolloutMetric wire;
  private final Metric gate;
  private final String exposureUnit;

  CountMetric(RolloutMetric wire, Metric gate, String exposureUnit) {
    this.wire = wire;
    this.gate = gate;
    this.exposureUnit = exposureUnit;
  }

  /** On the wire. */
  public RolloutMetric wire() {
    return wire;
  }

  /** For the statistics. */
  public Metric gate() {
    return gate;
  }

  /** What its exposure is counted in, for people. */
  public String exposureUnit() {
    return exposureUnit;
  }

  /** The events in {@code counts}. */
  public long count(EnvironmentCounts counts) {
    return switch (this) {
      case FALSE_ACCEPTS -> counts.getFalseAccepts();
      case FALSE_REJECTS -> counts.getSuspectedFalseRejects();
      case WAKES -> trueWakes(counts);
    };
  }

  /** Whether a lower rate is the harm; the arms then change places in the test. */
  public boolean isLowerWorse() {
    return this == WAKES;
  }

  /** The exposure in {@code counts}: listening hours, or times that somebody meant to wake it. */
  public double exposure(EnvironmentCounts counts) {
    return switch (this) {
      case FALSE_ACCEPTS, WAKES -> counts.getListeningMs() / MILLIS_PER_HOUR;
      case FALSE_REJECTS -> trueWakes(counts) + counts.getSuspectedFalseRejects();
    };
  }

  private static long trueWakes(EnvironmentCounts counts) {
    return Math.max(0, counts.getWakes() - counts.getFalseAccepts());
  }
}

package dev.earshot.rollout.evidence;

import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.rollout.gate.Metric;
import java.util.List;

/** The metrics that are compared by the logarithm of each device's mean. */
public enum MeanMetric {
  /** Mean power of the listening chip while it listens, mW. */
  POWER(RolloutMetric.POWER, Metric.POWER, "mW"),
  /** Charge used per hour on battery, percent of a full battery. */
  BATTERY(RolloutMetric.BATTERY, Metric.BATTERY, "%/h");

  /** A mean over less time than this says more about the time of day than about the device. */
  private static final double SHORTEST_HOURS = 0.5;

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final RolloutMetric wire;
  private final Metric gate;
  private final String unit;

  MeanMetric(RolloutMetric wire, Metric gate, String unit) {
    this.wire = wire;
    this.gate = gate;
    this.unit = unit;
  }

  /** On the wire. */
  public RolloutMetric wire() {
    return wire;
  }

  /** For the statistics. */
  public Metric gate() {
    return gate;
  }

  /** For people. */
  public String unit() {
    return unit;
  }

  /** The mean over all environments; 0 when too little was observed. */
  public double mean(List<EnvironmentCounts> all) {
    double amount = 0;
    double millis = 0;
    for (EnvironmentCounts counts : all) {
      amount += this == POWER ? counts.getEnergyUj() : counts.getSocDropPct() * MILLIS_PER_HOUR;
      millis += this == POWER ? counts.getListeningMs() : counts.getDischargeMs();
    }
    // Microjoules per millisecond are milliwatts.
    return millis >= SHORTEST_HOURS * MILLIS_PER_HOUR && amount > 0 ? amount / millis : 0;
  }
}

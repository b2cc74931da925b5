package dev.earshot.rollout.evidence;

import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.rollout.gate.FirstEventGate;
import dev.earshot.rollout.gate.Metric;

/** The metrics of which a device's first event counts. */
public enum EventMetric {
  /** A wake that the second stage rejected. */
  FALSE_ACCEPTS(RolloutMetric.FALSE_ACCEPTS, Metric.FALSE_ACCEPTS, FirstEventGate.counts()),
  /** A near miss followed by a successful retry. */
  FALSE_REJECTS(RolloutMetric.FALSE_REJECTS, Metric.FALSE_REJECTS, FirstEventGate.counts()),
  /** An unexpected reboot. */
  CRASHES(RolloutMetric.CRASHES, Metric.CRASHES, FirstEventGate.failures()),
  /** Nothing heard for longer than the plan allows. */
  SILENCE(RolloutMetric.SILENCE, Metric.SILENCE, FirstEventGate.failures());

  private final RolloutMetric wire;
  private final Metric metric;
  private final FirstEventGate gate;

  EventMetric(RolloutMetric wire, Metric metric, FirstEventGate gate) {
    this.wire = wire;
    this.metric = metric;
    this.gate = gate;
  }

  /** On the wire. */
  public RolloutMetric wire() {
    return wire;
  }

  /** For the statistics. */
  public Metric metric() {
    return metric;
  }

  /** The test. */
  public FirstEventGate gate() {
    return gate;
  }

  /** When it was in that stage, fleet time, Unix ms; 0: not yet. */
  public long eventMs(Enrolment.Block block) {
    return switch (this) {
      case FALSE_ACCEPTS -> block.getFirstFalseAcceptMs();
      case FALSE_REJECTS -> block.getFirstFalseRejectMs();
      case CRASHES -> block.getFirstCrashMs();
      case SILENCE -> block.getFirstSilenceMs();
    };
  }

  /** Since when a device's events of this kind are watched in that stage; 0: not yet. */
  public long observedFromMs(Enrolment.Block block) {
    return this == SILENCE ? block.getEnteredAtMs() : block.getObservedFromMs();
  }

  /**
   * Up to when everything about it is known.
   *
   * @param judgedAtMs up to when silence is judged
   */
  public long observedUntilMs(Enrolment.Block block, long judgedAtMs) {
    return this == SILENCE
        ? Math.max(judgedAtMs, block.getEnteredAtMs())
        : block.getObservedUntilMs();
  }
}

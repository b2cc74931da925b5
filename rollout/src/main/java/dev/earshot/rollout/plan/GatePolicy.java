package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import dev.earshot.rollout.gate.Metric;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the gates may do.
 *
 * @param alpha probability that a harmless release is ever stopped, above 0 to 0.2
 * @param maxFailurePercent share of updates that may fail, above 0 and below 100
 * @param silenceAfter a device that was not heard for this long has gone silent
 * @param onHarm what happens when a gate finds harm, unless {@code actions} says otherwise
 * @param actions the answer to harm in single metrics
 */
public record GatePolicy(
    double alpha,
    double maxFailurePercent,
    Duration silenceAfter,
    OnHarm onHarm,
    Map<Metric, OnHarm> actions) {
  /**
   * 1 % false alarms: one harmless release in a hundred is stopped; 5 % failed updates: a fleet on
   * home networks loses some; three hours of silence: longer than {@link
   * Plan#DEFAULT_HEARD_WITHIN}, so that nobody is silent when offered; and back at once: a device
   * that wakes falsely does not wait for an operator.
   */
  public static final GatePolicy DEFAULT =
      new GatePolicy(0.01, 5, Duration.ofHours(3), OnHarm.ROLLBACK, Map.of());

  /** The answer to harm. */
  public enum OnHarm {
    /** Every treated device goes back. */
    ROLLBACK,
    /** No further offers, and an operator decides. */
    PAUSE
  }

  public GatePolicy {
    new Checks()
        .require(alpha > 0 && alpha <= 0.2, "gates.alpha", alpha, "above 0 to 0.2")
        .require(
            maxFailurePercent > 0 && maxFailurePercent < 100,
            "gates.max_failure_percent",
            maxFailurePercent,
            "above 0 and below 100")
        .positive("gates.silence_after", silenceAfter)
        .done();
    EnumMap<Metric, OnHarm> sorted = new EnumMap<>(Metric.class);
    sorted.putAll(actions);
    actions = Collections.unmodifiableMap(sorted);
  }

  /** What happens when that metric's gate finds harm. */
  public OnHarm onHarm(Metric metric) {
    return actions.getOrDefault(metric, onHarm);
  }
}

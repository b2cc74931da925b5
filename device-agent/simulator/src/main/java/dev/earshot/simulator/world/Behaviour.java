package dev.earshot.simulator.world;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.v1.Environment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a model behaves in one environment, as its evaluation measured it. Immutable, shared by every
 * device that runs the model there.
 */
public final class Behaviour {
  private static final int LATENCY_BUCKETS = 20;

  private final double falseAcceptsPerHour;
  private final double falseRejectRate;
  private final double inferencesPerHour;
  private final long multiplyAccumulates;
  private final int latencyBucket;
  private final double[] negativeScores;
  private final double[] wakeScores;

  private Behaviour(Evaluation evaluation, EnvironmentResult result) {
    falseAcceptsPerHour = result.falseAcceptsPerHour();
    falseRejectRate = result.falseRejectRate();
    long inferences = result.negativeScores().stream().mapToLong(Long::longValue).sum();
    inferencesPerHour = inferences / result.exposureHours();
    multiplyAccumulates = evaluation.multiplyAccumulates();
    int micros = Math.max(1, (int) evaluation.inferenceMicros());
    latencyBucket = Math.min(LATENCY_BUCKETS - 1, 31 - Integer.numberOfLeadingZeros(micros));
    negativeScores = shares(result.negativeScores());
    wakeScores = shares(result.wakeScores());
  }

  /** One behaviour for each environment that the evaluation measured. */
  public static Map<Environment, Behaviour> of(Evaluation evaluation) {
    Map<Environment, Behaviour> behaviours = new EnumMap<>(Environment.class);
    for (EnvironmentResult result : evaluation.environments()) {
      behaviours.put(Labels.environment(result.environment()), new Behaviour(evaluation, result));
    }
    return Map.copyOf(behaviours);
  }

  /** False accepts for each hour of listening, of a device with multiplier 1. */
  public double falseAcceptsPerHour() {
    return falseAcceptsPerHour;
  }

  /** Share of the attempts that are missed, 0 to 1. */
  public double falseRejectRate() {
    return falseRejectRate;
  }

  /** Inferences for each hour of listening. */
  public double inferencesPerHour() {
    return inferencesPerHour;
  }

  /** Of one inference: what its energy depends on. */
  public long multiplyAccumulates() {
    return multiplyAccumulates;
  }

  /**
   * Bucket of a heartbeat's latency histogram that every inference falls in: the chip is a fixed
   * pipeline, its latency does not vary.
   */
  int latencyBucket() {
    return latencyBucket;
  }

  /** Distribution of all scores without the wake word, over 32 buckets. */
  double[] negativeScores() {
    return negativeScores;
  }

  /** Distribution of an attempt's peak score, over 32 buckets. */
  double[] wakeScores() {
    return wakeScores;
  }

  private static double[] shares(List<Long> histogram) {
    double sum = histogram.stream().mapToLong(Long::longValue).sum();
    return histogram.stream().mapToDouble(count -> sum == 0 ? 0 : count / sum).toArray();
  }
}

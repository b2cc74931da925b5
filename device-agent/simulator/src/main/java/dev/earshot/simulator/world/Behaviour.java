package dev.earshot.simulator.world;

import dev.earshot.ndp.chip.Workload;
import dev.earshot.ndp.detector.EventPeaks;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.v1.Environment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a release behaves in one environment, as its evaluation measured its model, read at the
 * release's own threshold. Immutable, shared by every device that runs the release there.
 */
public final class Behaviour {
  private static final int LATENCY_BUCKETS = 20;

  private final Environment environment;
  private final int thresholdScore;
  private final double falseAcceptsPerHour;
  private final double falseRejectRate;
  private final double inferencesPerHour;
  private final Workload work;
  private final int latencyBucket;
  private final double[] negativeScores;
  private final PeakScores talkPeaks;
  private final PeakScores attemptPeaks;
  private final double inferenceMicros;
  private final Impairment impairment;

  private Behaviour(Evaluation evaluation, EnvironmentResult result, int threshold) {
    environment = Labels.environment(result.environment());
    thresholdScore = threshold;
    boolean asMeasured = threshold == evaluation.thresholdScore();
    Optional<DetPoint> read = asMeasured ? Optional.empty() : result.at(threshold);
    falseAcceptsPerHour =
        read.map(DetPoint::falseAcceptsPerHour).orElseGet(result::falseAcceptsPerHour);
    falseRejectRate = read.map(DetPoint::falseRejectRate).orElseGet(result::falseRejectRate);
    long inferences = result.negativeScores().stream().mapToLong(Long::longValue).sum();
    inferencesPerHour = inferences / result.exposureHours();
    work = new Workload(evaluation.multiplyAccumulates(), evaluation.parameters());
    inferenceMicros = evaluation.inferenceMicros();
    latencyBucket = bucket(inferenceMicros);
    impairment = Impairment.NONE;
    negativeScores = shares(result.negativeScores());
    talkPeaks = PeakScores.ofTalk(result, evaluation.thresholdScore());
    attemptPeaks = PeakScores.ofAttempts(result);
  }

  private Behaviour(Behaviour measured, Impairment worse) {
    environment = measured.environment;
    thresholdScore = measured.thresholdScore;
    falseAcceptsPerHour = measured.falseAcceptsPerHour * worse.falseAccepts();
    falseRejectRate = Math.min(1, measured.falseRejectRate * worse.misses());
    inferencesPerHour = measured.inferencesPerHour;
    work = measured.work;
    inferenceMicros = measured.inferenceMicros * worse.latency();
    latencyBucket = bucket(inferenceMicros);
    negativeScores = measured.negativeScores;
    talkPeaks = measured.talkPeaks.weighted(thresholdScore, 1, worse.falseAccepts());
    double heard = 1 - measured.falseRejectRate;
    attemptPeaks =
        measured.attemptPeaks.weighted(
            thresholdScore,
            measured.falseRejectRate == 0 ? 1 : falseRejectRate / measured.falseRejectRate,
            heard == 0 ? 1 : (1 - falseRejectRate) / heard);
    impairment = worse;
  }

  /**
   * The same with a fault that its evaluation does not show. Who runs the engine on real audio
   * hears what it hears: false accepts and misses are worse only where they are drawn.
   */
  public Behaviour impaired(Impairment worse) {
    return worse.equals(Impairment.NONE) ? this : new Behaviour(this, worse);
  }

  /** One behaviour for each environment that the evaluation measured, at its own threshold. */
  public static Map<Environment, Behaviour> of(Evaluation evaluation) {
    return of(evaluation, evaluation.thresholdScore());
  }

  /**
   * One behaviour for each environment that the evaluation measured.
   *
   * @param thresholdScore of the release: where it is not the evaluation's, rates are read off the
   *     trade-off
   */
  public static Map<Environment, Behaviour> of(Evaluation evaluation, int thresholdScore) {
    Map<Environment, Behaviour> behaviours = new EnumMap<>(Environment.class);
    for (EnvironmentResult result : evaluation.environments()) {
      Behaviour behaviour = new Behaviour(evaluation, result, thresholdScore);
      behaviours.put(behaviour.environment(), behaviour);
    }
    return Map.copyOf(behaviours);
  }

  /** What is wrong with it; its rates have it in them. */
  public Impairment impairment() {
    return impairment;
  }

  /** Where. */
  public Environment environment() {
    return environment;
  }

  /** The release's threshold: a smoothed score above it wakes. */
  public int thresholdScore() {
    return thresholdScore;
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
  public Workload work() {
    return work;
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

  /** Below this no peak is an event: {@link EventPeaks#FLOOR}, or the threshold when lower. */
  int eventFloor() {
    return Math.min(EventPeaks.FLOOR, thresholdScore);
  }

  /** Peaks of what is not the wake word, in events for each hour. */
  PeakScores talkPeaks() {
    return talkPeaks;
  }

  /** Peaks of attempts, as shares. */
  PeakScores attemptPeaks() {
    return attemptPeaks;
  }

  private static int bucket(double micros) {
    int whole = (int) Math.clamp(micros, 1, Integer.MAX_VALUE);
    return Math.min(LATENCY_BUCKETS - 1, 31 - Integer.numberOfLeadingZeros(whole));
  }

  private static double[] shares(List<Long> histogram) {
    double sum = histogram.stream().mapToLong(Long::longValue).sum();
    return histogram.stream().mapToDouble(count -> sum == 0 ? 0 : count / sum).toArray();
  }
}

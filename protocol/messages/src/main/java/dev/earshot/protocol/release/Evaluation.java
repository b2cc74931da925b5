package dev.earshot.protocol.release;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.Labels;
import java.util.List;
import java.util.Optional;

/**
 * What a release was measured to do before it was published, on audio that its training never saw.
 * Travels with the release; the simulator's statistical devices draw from it.
 *
 * @param release which release, {@code name:version}
 * @param modelDigest of the measured {@code .tflite}
 * @param corpus which audio it was, in words
 * @param thresholdScore the release's threshold, an int8 score; a window wakes above it
 * @param energyPerInferenceMicrojoules of the chip, from the engine's energy model (a model, not a
 *     measurement)
 * @param inferenceMicros latency of one inference on the chip, from the same model
 * @param multiplyAccumulates per inference
 * @param parameters weights and biases
 * @param memoryBytes weights plus activations
 * @param environments one result for each environment that was measured
 */
public record Evaluation(
    String release,
    String modelDigest,
    String corpus,
    int thresholdScore,
    double energyPerInferenceMicrojoules,
    double inferenceMicros,
    long multiplyAccumulates,
    long parameters,
    long memoryBytes,
    List<EnvironmentResult> environments) {

  /**
   * Buckets of a score histogram: 32 equal parts of the int8 range, 8 scores each, lowest first.
   */
  public static final int SCORE_BUCKETS = 32;

  public Evaluation {
    ReleaseRef.parse(release);
    Digest.parse(modelDigest);
    if (environments.isEmpty()) {
      throw new IllegalArgumentException("environments: none (expected: at least one result)");
    }
    environments = List.copyOf(environments);
  }

  /** The bucket of a score in [-128, 127]. */
  public static int scoreBucket(int score) {
    return score + 128 >> 3;
  }

  /**
   * The same measurements read at another threshold, for a release with the same model and another
   * detector.
   *
   * @param retuned the release with that threshold
   * @param newCorpus which audio it was, and that the threshold was moved
   * @throws IllegalArgumentException when an environment's trade-off was not recorded
   */
  public Evaluation at(ReleaseRef retuned, int newThresholdScore, String newCorpus) {
    return new Evaluation(
        retuned.toString(),
        modelDigest,
        newCorpus,
        newThresholdScore,
        energyPerInferenceMicrojoules,
        inferenceMicros,
        multiplyAccumulates,
        parameters,
        memoryBytes,
        environments.stream().map(result -> result.retuned(newThresholdScore)).toList());
  }

  /**
   * One acoustic environment.
   *
   * @param environment its label
   * @param exposureHours of audio without the wake word
   * @param falseAccepts wakes in that audio
   * @param wakeAttempts times that the wake word was spoken
   * @param missedWakes how often it was not detected
   * @param det the trade-off over thresholds (detection error trade-off), ascending threshold; a
   *     point holds until the next one
   * @param negativeScores histogram of the scores of all inferences on the audio without the wake
   *     word
   * @param wakeScores histogram of the peak score of each attempt
   */
  public record EnvironmentResult(
      String environment,
      double exposureHours,
      int falseAccepts,
      int wakeAttempts,
      int missedWakes,
      List<DetPoint> det,
      List<Long> negativeScores,
      List<Long> wakeScores) {

    public EnvironmentResult {
      Labels.environment(environment);
      require(exposureHours > 0, "exposureHours", exposureHours, "> 0");
      require(falseAccepts >= 0, "falseAccepts", falseAccepts, ">= 0");
      require(
          missedWakes >= 0 && missedWakes <= wakeAttempts,
          "missedWakes",
          missedWakes,
          "between 0 and wakeAttempts, " + wakeAttempts);
      require(
          negativeScores.size() == SCORE_BUCKETS,
          "negativeScores",
          negativeScores.size() + " buckets",
          "32 buckets");
      require(
          wakeScores.size() == SCORE_BUCKETS,
          "wakeScores",
          wakeScores.size() + " buckets",
          "32 buckets");
      det = List.copyOf(det);
      negativeScores = List.copyOf(negativeScores);
      wakeScores = List.copyOf(wakeScores);
    }

    /** False accepts for each hour of that audio. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double falseAcceptsPerHour() {
      return falseAccepts / exposureHours;
    }

    /** Share of the attempts that were missed, 0 to 1; 0 when nothing was attempted. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double falseRejectRate() {
      return wakeAttempts == 0 ? 0 : (double) missedWakes / wakeAttempts;
    }

    /**
     * What a threshold gives on this audio: a point of the trade-off holds until the next one.
     * Empty when no trade-off was recorded.
     */
    public Optional<DetPoint> at(int thresholdScore) {
      DetPoint holds = det.isEmpty() ? null : det.getFirst();
      for (DetPoint point : det) {
        if (point.thresholdScore() > thresholdScore) {
          break;
        }
        holds = point;
      }
      return Optional.ofNullable(holds);
    }

    private EnvironmentResult retuned(int thresholdScore) {
      DetPoint point =
          at(thresholdScore)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "det: the evaluation has no trade-off for "
                              + environment
                              + " (expected: at least one point, to read another threshold from)"));
      return new EnvironmentResult(
          environment,
          exposureHours,
          (int) Math.round(point.falseAcceptsPerHour() * exposureHours),
          wakeAttempts,
          (int) Math.round(point.falseRejectRate() * wakeAttempts),
          det,
          negativeScores,
          wakeScores);
    }

    private static void require(boolean holds, String field, Object value, String expected) {
      if (!holds) {
        throw new IllegalArgumentException(field + ": " + value + " (expected: " + expected + ")");
      }
    }
  }

  /** What one threshold would give. */
  public record DetPoint(int thresholdScore, double falseAcceptsPerHour, double falseRejectRate) {}
}

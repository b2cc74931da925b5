package dev.earshot.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.registry.statistics.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of a release, with how sure it is; see {@link Evaluation} for units. Intervals
 * are exact, two-sided, 95 %.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EvaluationView(
    String corpus,
    int thresholdScore,
    double energyPerInferenceMicrojoules,
    double inferenceMicros,
    long multiplyAccumulates,
    long parameters,
    long memoryBytes,
    List<Environment> environments) {

  /**
   * One environment.
   *
   * @param environment its label
   * @param falseAccepts wakes in {@code exposureHours} of audio without the wake word
   * @param falseAcceptsPerHour of it
   * @param falseAcceptsPerHourInterval Garwood's interval of a Poisson rate
   * @param missedWakes of {@code wakeAttempts}
   * @param falseRejectRate 0 to 1
   * @param falseRejectRateInterval Clopper and Pearson's interval of a share
   * @param det the trade-off over thresholds; absent in lists
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Environment(
      String environment,
      int falseAccepts,
      double exposureHours,
      double falseAcceptsPerHour,
      Interval falseAcceptsPerHourInterval,
      int missedWakes,
      int wakeAttempts,
      double falseRejectRate,
      Interval falseRejectRateInterval,
      @Nullable List<DetPoint> det) {
    private static Environment of(Evaluation.EnvironmentResult result, boolean full) {
      return new Environment(
          result.environment(),
          result.falseAccepts(),
          result.exposureHours(),
          result.falseAcceptsPerHour(),
          Interval.ofRate(result.falseAccepts(), result.exposureHours()),
          result.missedWakes(),
          result.wakeAttempts(),
          result.falseRejectRate(),
          Interval.ofShare(result.missedWakes(), result.wakeAttempts()),
          full ? result.det() : null);
    }
  }

  public EvaluationView {
    environments = List.copyOf(environments);
  }

  /**
   * @param full with every point of the trade-off
   */
  static EvaluationView of(Evaluation evaluation, boolean full) {
    return new EvaluationView(
        evaluation.corpus(),
        evaluation.thresholdScore(),
        evaluation.energyPerInferenceMicrojoules(),
        evaluation.inferenceMicros(),
        evaluation.multiplyAccumulates(),
        evaluation.parameters(),
        evaluation.memoryBytes(),
        evaluation.environments().stream().map(one -> Environment.of(one, full)).toList());
  }
}

package dev.earshot.registry.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.registry.statistics.Interval;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One environment that both releases were measured in.
 *
 * @param environment its label
 * @param falseAcceptsPerHour of both
 * @param falseRejectRate of both, 0 to 1
 * @param atEqualFrr what B would do with as few misses as A; absent when B never misses so few
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvironmentDiff(
    String environment,
    Measure falseAcceptsPerHour,
    Measure falseRejectRate,
    @Nullable EqualFrr atEqualFrr) {

  /** What can be said about a difference from A to B. Smaller is better. */
  public enum Verdict {
    /** Smaller, by more than chance. */
    BETTER,
    /** Larger, by more than chance. */
    WORSE,
    /** As large a difference comes about by chance too often. */
    NOT_SHOWN
  }

  /**
   * A rate of both releases.
   *
   * @param a of A
   * @param intervalA exact 95 % interval
   * @param b of B
   * @param intervalB exact 95 % interval
   * @param p two-sided p value of "both are the same"
   * @param adjustedP the same, adjusted for all comparisons that were made
   */
  public record Measure(
      double a,
      Interval intervalA,
      double b,
      Interval intervalB,
      double p,
      double adjustedP,
      Verdict verdict) {
    static Measure of(
        double a, Interval intervalA, double b, Interval intervalB, double p, double adjusted) {
      Verdict verdict =
          adjusted > ReleaseComparison.LEVEL || a == b
              ? Verdict.NOT_SHOWN
              : b < a ? Verdict.BETTER : Verdict.WORSE;
      return new Measure(a, intervalA, b, intervalB, p, adjusted, verdict);
    }
  }

  /**
   * Two releases are compared fairly where they miss alike: B's threshold is moved until it misses
   * at most what A misses.
   *
   * @param falseRejectRate of A at its own threshold
   * @param thresholdB the highest of B's thresholds that misses no more
   * @param falseAcceptsPerHourA at A's own threshold
   * @param falseAcceptsPerHourB at that threshold
   * @param falseRejectRateB at that threshold
   */
  public record EqualFrr(
      double falseRejectRate,
      int thresholdB,
      double falseAcceptsPerHourA,
      double falseAcceptsPerHourB,
      double falseRejectRateB) {
    static Optional<EqualFrr> of(EnvironmentResult a, EnvironmentResult b) {
      double target = a.falseRejectRate();
      return b.det().stream()
          .filter(point -> point.falseRejectRate() <= target)
          .reduce((lower, higher) -> higher)
          .map((DetPoint point) -> of(a, point));
    }

    private static EqualFrr of(EnvironmentResult a, DetPoint point) {
      return new EqualFrr(
          a.falseRejectRate(),
          point.thresholdScore(),
          a.falseAcceptsPerHour(),
          point.falseAcceptsPerHour(),
          point.falseRejectRate());
    }
  }
}

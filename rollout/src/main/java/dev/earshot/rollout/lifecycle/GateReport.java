package dev.earshot.rollout.lifecycle;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.earshot.rollout.evidence.CountMetric;
import dev.earshot.rollout.evidence.Question;
import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.BinomialGate;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.Interval;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one gate stands, with everything that is needed to follow it: what goes into events, the
 * interface and metrics. Numbers that are not known are null.
 *
 * @param metric such as {@code false_accepts}
 * @param question {@code harm} or {@code non_inferiority}
 * @param limit for counts the rate ratio that the question is about (1 for harm), for failed
 *     updates the share that may fail
 * @param verdict {@code harm}, {@code non_inferior} or {@code undecided}
 * @param logE ln e that decides
 * @param logThreshold what it must reach
 * @param estimate rate ratio treated over control; for failed updates the share that failed
 * @param low of the 95 % confidence sequence
 * @param high of it
 * @param missingExposure exposure that treated devices still have to gather, when predictable
 * @param treated counts since their offer in the running stage; for failed updates all of them
 * @param control the same
 * @param strata evidence by environment, with {@code pooled} for all together
 */
public record GateReport(
    String metric,
    String question,
    double limit,
    String verdict,
    @JsonProperty("log_e") double logE,
    @JsonProperty("log_threshold") double logThreshold,
    @Nullable Double estimate,
    @Nullable Double low,
    @Nullable Double high,
    @JsonProperty("missing_exposure") @Nullable Double missingExposure,
    Arm treated,
    @Nullable Arm control,
    List<Stratum> strata) {
  /** 1 - confidence of the confidence sequences that people are shown. */
  private static final double ALPHA = 0.05;

  public static final String HARM = "harm";
  public static final String NON_INFERIORITY = "non_inferiority";
  public static final String POOLED = "pooled";

  /**
   * One arm's raw numbers.
   *
   * @param exposure in {@code unit}
   */
  public record Arm(long devices, double count, double exposure, String unit) {}

  /** The numbers of one environment, or of all; see {@link Evidence}. */
  public record Stratum(
      String stratum,
      double u,
      double a,
      double v,
      double j,
      @Nullable Double psi,
      @Nullable Double z,
      @JsonProperty("log_e") double logE,
      boolean guard) {
    static Stratum of(String name, Evidence evidence) {
      return new Stratum(
          name,
          evidence.u(),
          evidence.a(),
          evidence.v(),
          evidence.j(),
          finite(evidence.psi()),
          finite(evidence.z()),
          evidence.logE(),
          evidence.guard());
    }
  }

  public GateReport {
    strata = List.copyOf(strata);
  }

  /** Whether it stops the release. */
  public boolean isHarm() {
    return verdict.equals(HARM);
  }

  static GateReport counts(
      Question question, Map<String, TwoArms> arms, CountsEvaluation counts, Verdict verdict) {
    List<Stratum> strata = new ArrayList<>();
    strata.add(Stratum.of(POOLED, counts.pooled()));
    counts.strata().forEach((name, evidence) -> strata.add(Stratum.of(name, evidence)));
    Interval interval = counts.logRateRatio(counts.pooled(), ALPHA).exp();
    double centre = counts.pooled().psi() + Math.log(question.theta0());
    return new GateReport(
        question.metric().gate().label(),
        question.harm() ? HARM : NON_INFERIORITY,
        question.theta0(),
        word(verdict),
        verdict.logE(),
        verdict.logThreshold(),
        finite(Math.exp(centre)),
        finite(interval.low()),
        finite(interval.high()),
        missing(verdict),
        arm(question.metric(), arms, true),
        arm(question.metric(), arms, false),
        strata);
  }

  static GateReport failures(BinomialGate gate, Updates updates, Verdict verdict) {
    double share = updates.ended() == 0 ? Double.NaN : (double) updates.bad() / updates.ended();
    return new GateReport(
        Metric.FAILED_UPDATES.label(),
        HARM,
        gate.p0(),
        word(verdict),
        verdict.logE(),
        verdict.logThreshold(),
        finite(share),
        null,
        null,
        null,
        new Arm(updates.ended(), updates.bad(), updates.ended(), "updates"),
        null,
        List.of());
  }

  private static Arm arm(CountMetric metric, Map<String, TwoArms> arms, boolean treated) {
    ArmSums sum = ArmSums.NONE;
    for (TwoArms two : arms.values()) {
      sum = sum.plus(treated ? two.treated() : two.control());
    }
    return new Arm(sum.devices(), sum.count(), sum.exposureHours(), metric.exposureUnit());
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Harm h -> HARM;
      case Verdict.NonInferior n -> "non_inferior";
      case Verdict.Undecided u -> "undecided";
    };
  }

  private static @Nullable Double missing(Verdict verdict) {
    return verdict instanceof Verdict.Undecided undecided
            && undecided.missingTreatedExposureHours().isPresent()
        ? undecided.missingTreatedExposureHours().getAsDouble()
        : null;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}

package dev.earshot.rollout.lifecycle;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.Interval;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.gate.Verdict;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import dev.earshot.rollout.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one gate stands, with everything that is needed to follow it: what goes into events, the
 * interface and metrics. Numbers that are not known are null.
 *
 * @param metric such as {@code false_accepts}
 * @param question {@code harm} or {@code non_inferiority}
 * @param limit what the estimate is held against: a ratio treated over control (1 for harm), for
 *     failed updates the share that may fail, for the balance of the arms the planned treated share
 * @param verdict {@code harm}, {@code non_inferior} or {@code undecided}
 * @param action what harm leads to, {@code rollback} or {@code pause}; {@code promote} where
 *     non-inferiority is asked
 * @param logE ln e of the deciding test
 * @param logThreshold what it must reach
 * @param tests each test that was asked
 * @param estimate ratio treated over control; else see {@code limit}
 * @param low of the 95 % confidence sequence
 * @param high of it
 * @param missingExposure exposure that treated devices still have to gather, when predictable
 * @param missingHours fleet hours until then, at the pace of this stage so far
 * @param treated the running stage's devices that received the release
 * @param control those that were held back
 * @param strata evidence by environment, with {@code pooled} for all together; of wakes, where
 *     fewer are harm, with the arms in each other's place
 */
public record GateReport(
    String metric,
    String question,
    double limit,
    String verdict,
    String action,
    @JsonProperty("log_e") double logE,
    @JsonProperty("log_threshold") double logThreshold,
    List<Test> tests,
    @Nullable Double estimate,
    @Nullable Double low,
    @Nullable Double high,
    @JsonProperty("missing_exposure") @Nullable Double missingExposure,
    @JsonProperty("missing_hours") @Nullable Double missingHours,
    Arm treated,
    @Nullable Arm control,
    List<Stratum> strata) {
  /** 1 - confidence of the confidence sequences that people are shown. */
  static final double ALPHA = 0.05;

  public static final String HARM = "harm";
  public static final String NON_INFERIORITY = "non_inferiority";
  public static final String NON_INFERIOR = "non_inferior";
  public static final String UNDECIDED = "undecided";
  public static final String POOLED = "pooled";
  public static final String ROLLBACK = "rollback";
  public static final String PAUSE = "pause";
  public static final String PROMOTE = "promote";

  /** One test's evidence and what it must reach. */
  public record Test(
      String test,
      @JsonProperty("log_e") double logE,
      @JsonProperty("log_threshold") double logThreshold) {}

  /**
   * One arm's raw numbers.
   *
   * @param devices in it
   * @param count events; null where means are compared
   * @param exposure in {@code unit}; null where means are compared
   * @param mean geometric mean over devices in {@code unit}; null where events are counted
   * @param unit of exposure or mean
   */
  public record Arm(
      long devices,
      @Nullable Double count,
      @Nullable Double exposure,
      @Nullable Double mean,
      String unit) {}

  /**
   * The numbers of one environment, or of all; see {@link Evidence}.
   *
   * @param estimate ratio treated over control; null without information
   * @param low of the 95 % confidence sequence; null until the guard is passed
   * @param high of it
   */
  public record Stratum(
      String stratum,
      double u,
      double a,
      double v,
      double j,
      @Nullable Double psi,
      @Nullable Double z,
      @JsonProperty("log_e") double logE,
      boolean guard,
      @Nullable Double estimate,
      @Nullable Double low,
      @Nullable Double high) {
    /**
     * One environment.
     *
     * @param ratio estimate, treated over control
     * @param interval its confidence sequence
     */
    static Stratum of(String name, Evidence evidence, double ratio, Interval interval) {
      return new Stratum(
          name,
          evidence.u(),
          evidence.a(),
          evidence.v(),
          evidence.j(),
          finite(evidence.psi()),
          finite(evidence.z()),
          evidence.logE(),
          evidence.guard(),
          finite(ratio),
          evidence.guard() ? finite(interval.low()) : null,
          evidence.guard() ? finite(interval.high()) : null);
    }
  }

  public GateReport {
    tests = List.copyOf(tests);
    strata = List.copyOf(strata);
  }

  /** Whether it stops the release. */
  public boolean findsHarm() {
    return verdict.equals(HARM);
  }

  /** Whether its alarm brings every treated device back. */
  public boolean rollsBack() {
    return action.equals(ROLLBACK);
  }

  /** Whether it must be answered in the release's favour before a stage is passed. */
  public boolean asksNonInferiority() {
    return question.equals(NON_INFERIORITY);
  }

  /** What a plan lets harm in that metric lead to. */
  static String action(Plan plan, Metric metric) {
    return plan.gates().onHarm(metric) == OnHarm.ROLLBACK ? ROLLBACK : PAUSE;
  }

  /** A verdict as one test. */
  static Test test(Verdict verdict) {
    return new Test(verdict.test(), verdict.logE(), verdict.logThreshold());
  }

  /** A verdict in a word. */
  static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Harm h -> HARM;
      case Verdict.NonInferior n -> NON_INFERIOR;
      case Verdict.Undecided u -> UNDECIDED;
    };
  }

  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}

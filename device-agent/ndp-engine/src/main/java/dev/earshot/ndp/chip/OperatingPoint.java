package dev.earshot.ndp.chip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What single inferences cost on one system at one voltage and clock, calibrated on its published
 * results: start, compute, stop, as MLPerf Tiny measures. A model, not a measurement.
 *
 * <p>The published models differ in more than multiply-accumulates and weights (depthwise layers,
 * for one, use a chip badly), and there are three or four of them. So the two cannot be told apart:
 * the best cost of a weight comes out at 35 pJ for one chip and below zero for microcontrollers,
 * and with three results it leaves no residual to judge it by. The energy of a weight is therefore
 * taken from elsewhere, its time is not modelled, and error bars are wide enough to hold what comes
 * out without any such cost and with the one that the results like best.
 */
public final class OperatingPoint {
  /**
   * Energy of fetching an 8-bit weight at 0.9 V in microjoules: 100 pJ for 64 bits out of 1 MB of
   * SRAM in 45 nm (M. Horowitz, "Computing's energy problem", ISSCC 2014, figure 1.1.9).
   */
  static final double MICROJOULES_PER_WEIGHT_AT_900_MILLIVOLTS = 100e-6 / 8;

  private static final List<OperatingPoint> ALL = calibrate();

  private final List<PublishedResult> results;
  private final CostFit energy;
  private final CostFit latency;

  private OperatingPoint(List<PublishedResult> results) {
    this.results = List.copyOf(results);
    energy = CostFit.of(results, PublishedResult::microjoules, microjoulesPerWeight());
    latency = CostFit.of(results, PublishedResult::millis, 0);
  }

  /** Every system at every operating point that has published results. */
  public static List<OperatingPoint> all() {
    return ALL;
  }

  /** Those of a system, such as {@code Syntiant NDP120}; lowest voltage first. */
  public static List<OperatingPoint> of(String system) {
    return ALL.stream().filter(point -> point.system().equals(system)).toList();
  }

  private static List<OperatingPoint> calibrate() {
    Map<String, List<PublishedResult>> groups = new LinkedHashMap<>();
    for (PublishedResult result : PublishedResult.ALL) {
      groups.computeIfAbsent(result.operatingPoint(), point -> new ArrayList<>()).add(result);
    }
    return groups.values().stream().map(OperatingPoint::new).toList();
  }

  /** Energy of a switched node grows with the square of the voltage. Unknown voltage: no cost. */
  private double microjoulesPerWeight() {
    return results
        .getFirst()
        .volts()
        .map(volts -> MICROJOULES_PER_WEIGHT_AT_900_MILLIVOLTS * volts * volts / (0.9 * 0.9))
        .orElse(0.0);
  }

  /** Chip or microcontroller. */
  public String system() {
    return results.getFirst().system();
  }

  /** For example {@code Syntiant NDP120, 0.9 V, 30.7 MHz (v1.0)}. */
  public String name() {
    return results.getFirst().operatingPoint();
  }

  /** What it is calibrated on. */
  public List<PublishedResult> results() {
    return results;
  }

  /** What was measured for a model of exactly this much work. */
  public Optional<PublishedResult> published(Workload work) {
    return results.stream().filter(result -> result.work().equals(work)).findFirst();
  }

  /** The fit behind {@link #microjoules}, in microjoules. */
  public CostFit energyFit() {
    return energy;
  }

  /** The fit behind {@link #millis}, in milliseconds. */
  public CostFit latencyFit() {
    return latency;
  }

  /** Energy of a single inference in microjoules. */
  public Estimate microjoules(Workload work) {
    return estimate(energy, work);
  }

  /** Latency of a single inference in milliseconds. */
  public Estimate millis(Workload work) {
    return estimate(latency, work);
  }

  /** The fits that can't be excluded: no cost of a weight, and the one that comes out best. */
  static List<CostFit> alternatives(CostFit fit) {
    CostFit solved = fit.solved();
    return solved.perWeight() > 0 ? List.of(fit.with(0), solved) : List.of(fit.with(0));
  }

  private Estimate estimate(CostFit fit, Workload work) {
    double[] others = alternatives(fit).stream().mapToDouble(other -> other.at(work)).toArray();
    double lowest = fit.at(work);
    double highest = lowest;
    for (double other : others) {
      lowest = Math.min(lowest, other);
      highest = Math.max(highest, other);
    }
    return Estimate.around(
        fit.at(work),
        fit.halfWidth(work),
        lowest,
        highest,
        "model, not a measurement: calibrated on %d MLPerf Tiny results of %s"
            .formatted(results.size(), name()));
  }
}

package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Do treated devices have their first event sooner? A log-rank e-process, exact at any arm size:
 * under the null every device at risk is equally likely to be next.
 *
 * <pre>
 * at each first event, within stratum x batch:  p = y_T/(y_T + y_C)
 * L_j += ln r_j [treated] - ln(1 - p + r_j p)
 * e_F  = sum_j pi_j exp L_j
 * </pre>
 *
 * The factor {@code r^[treated]/(1 - p + r p)} has mean one given the past, for hazard ratios up to
 * one at most one. {@link FirstEvents} plays events in the order in which they happened, against
 * the devices that were watched then: reports of one arm may come sooner, its events must not.
 * Partitions keep risk sets of their own devices and add their {@link Sums}: a finer
 * stratification, as valid.
 *
 * <p>Source: ter Schure, Perez-Ortiz, Ly and Grunwald, "The anytime-valid logrank test", New
 * England Journal of Statistics in Data Science 2 (2024).
 *
 * @param hazardRatios r_j betted on, above 1
 * @param weights pi_j, above 0, adding up to 1
 */
public record FirstEventGate(List<Double> hazardRatios, List<Double> weights) {

  /**
   * The gate's state: additive over strata, batches and partitions.
   *
   * @param logRatios L_j, one for each hazard ratio
   * @param events first events seen
   */
  public record Sums(List<Double> logRatios, long events) {
    public Sums {
      logRatios = List.copyOf(logRatios);
      Checks.atLeastZero("events", events);
    }

    /** Both together. */
    public Sums plus(Sums other) {
      if (logRatios.size() != other.logRatios.size()) {
        throw new IllegalArgumentException(
            "logRatios: "
                + other.logRatios.size()
                + " values (expected: "
                + logRatios.size()
                + ", of the same gate)");
      }
      List<Double> sum = new ArrayList<>(logRatios.size());
      for (int i = 0; i < logRatios.size(); i++) {
        sum.add(logRatios.get(i) + other.logRatios.get(i));
      }
      return new Sums(sum, events + other.events);
    }
  }

  public FirstEventGate {
    hazardRatios = List.copyOf(hazardRatios);
    weights = List.copyOf(weights);
    if (hazardRatios.isEmpty() || hazardRatios.size() != weights.size()) {
      throw new IllegalArgumentException(
          "weights: "
              + weights.size()
              + " (expected: one for each of "
              + hazardRatios.size()
              + " hazard ratios, at least one)");
    }
    double total = 0;
    for (int i = 0; i < weights.size(); i++) {
      Checks.between("hazardRatios", hazardRatios.get(i), 1, Double.POSITIVE_INFINITY);
      total += Checks.positive("weights", weights.get(i));
    }
    if (Math.abs(total - 1) > 1e-9) {
      throw new IllegalArgumentException("weights: sum " + total + " (expected: 1)");
    }
  }

  /**
   * For false accepts: 24 ratios from 1.05 to 10, evenly spaced in their logarithm, weighted by a
   * half-normal of scale 0.4.
   */
  public static FirstEventGate counts() {
    int points = 24;
    double tau = CountsSettings.DEFAULT_TAU;
    double from = Math.log(1.05);
    double to = Math.log(10);
    double[] raw = new double[points];
    double total = 0;
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      double logRatio = from + (to - from) * i / (points - 1);
      ratios.add(Math.exp(logRatio));
      raw[i] = Math.exp(-logRatio * logRatio / (2 * tau * tau));
      total += raw[i];
    }
    List<Double> weights = new ArrayList<>();
    for (double weight : raw) {
      weights.add(weight / total);
    }
    return new FirstEventGate(ratios, weights);
  }

  /** For crashes and silence, where harm is gross: 1.5, 2, 3, 5, 10 and 30 times, evenly. */
  public static FirstEventGate failures() {
    List<Double> ratios = List.of(1.5, 2.0, 3.0, 5.0, 10.0, 30.0);
    return new FirstEventGate(ratios, Collections.nCopies(6, 1.0 / 6));
  }

  /** Before any event. */
  public Sums none() {
    return new Sums(Collections.nCopies(hazardRatios.size(), 0.0), 0);
  }

  /**
   * {@code sums} after the first event of a device.
   *
   * @param atRisk its stratum's and batch's devices without event just before, itself included
   * @param treated its arm
   */
  public Sums event(Sums sums, RiskSet atRisk, boolean treated) {
    if ((treated ? atRisk.treated() : atRisk.control()) == 0) {
      throw new IllegalArgumentException(
          "atRisk: " + atRisk + " (expected: to include the device that had the event)");
    }
    double p = atRisk.treatedShare();
    List<Double> next = new ArrayList<>(hazardRatios.size());
    for (int i = 0; i < hazardRatios.size(); i++) {
      double r = hazardRatios.get(i);
      double gain = (treated ? Math.log(r) : 0) - Math.log1p((r - 1) * p);
      next.add(sums.logRatios().get(i) + gain);
    }
    return new Sums(next, sums.events() + 1);
  }

  /** ln e_F; 0 before the first event. */
  public double logE(Sums sums) {
    if (sums.logRatios().size() != hazardRatios.size()) {
      throw new IllegalArgumentException(
          "logRatios: "
              + sums.logRatios().size()
              + " values (expected: "
              + hazardRatios.size()
              + ", of this gate)");
    }
    double logE = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weights.size(); i++) {
      logE = LogSums.add(logE, Math.log(weights.get(i)) + sums.logRatios().get(i));
    }
    return logE;
  }
}

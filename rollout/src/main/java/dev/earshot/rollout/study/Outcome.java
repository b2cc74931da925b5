package dev.earshot.rollout.study;

import java.util.Arrays;

/**
 * What one rule did over many simulated rollouts.
 *
 * @param rule its name
 * @param rollouts how many it saw
 * @param decided in how many it decided
 * @param medianHours median hours until then over all rollouts (undecided ones count as longer than
 *     any); NaN when fewer than half decided
 * @param medianDeviceHours the same in hours that treated devices had listened
 */
public record Outcome(
    String rule, int rollouts, int decided, double medianHours, double medianDeviceHours) {

  /**
   * Sums up.
   *
   * @param hours of each rollout, infinity where the rule never decided
   * @param deviceHours likewise
   */
  static Outcome of(String rule, double[] hours, double[] deviceHours) {
    int decided = (int) Arrays.stream(hours).filter(Double::isFinite).count();
    return new Outcome(rule, hours.length, decided, median(hours), median(deviceHours));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double middle = sorted[(sorted.length - 1) / 2];
    return Double.isFinite(middle) ? middle : Double.NaN;
  }

  /** Share of rollouts in which the rule decided. */
  public double share() {
    return (double) decided / rollouts;
  }
}

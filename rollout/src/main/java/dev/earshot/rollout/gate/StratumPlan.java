package dev.earshot.rollout.gate;

/**
 * What is expected of one stratum, for planning.
 *
 * @param treated devices that will be treated, at least 0
 * @param control devices held back, at least 0
 * @param ratePerHour events per exposure hour on the old release, at least 0
 * @param duty exposure hours per hour of a device, 0..1 for listening
 * @param historyHours hours before the offer over which devices were observed, at least 0
 */
public record StratumPlan(
    double treated, double control, double ratePerHour, double duty, double historyHours) {
  public StratumPlan {
    Checks.atLeastZero("treated", treated);
    Checks.atLeastZero("control", control);
    Checks.atLeastZero("ratePerHour", ratePerHour);
    Checks.atLeastZero("duty", duty);
    Checks.atLeastZero("historyHours", historyHours);
  }

  /**
   * Information after {@code hours}: {@code 1 / [(1/n_T + 1/n_C) (1/M + 1/(k + a))]} with {@code M
   * = rate duty t} events per device and {@code a} events of history. The second term is what a
   * device's own history cannot tell about it; without history information stays below {@code k n_T
   * n_C/(n_T + n_C)} however long one waits.
   */
  double information(double hours, double shape) {
    double events = ratePerHour * duty * hours;
    if (!(treated > 0 && control > 0 && events > 0)) {
      return 0;
    }
    double history = ratePerHour * duty * historyHours;
    return 1 / ((1 / treated + 1 / control) * (1 / events + 1 / (shape + history)));
  }
}

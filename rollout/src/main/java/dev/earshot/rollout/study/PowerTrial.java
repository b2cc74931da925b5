package dev.earshot.rollout.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Repeats a rollout's power and notes when each rule decides, with a look at every hour.
 *
 * @param seed of the study
 * @param rollouts repetitions, above 0
 * @param devicesPerArm devices in each arm
 * @param workers who does it
 */
record PowerTrial(long seed, int rollouts, int devicesPerArm, Workers workers) {

  /** How often and when each rule sees a true power ratio. */
  List<Outcome> run(double ratio, List<PowerRules.Named> rules) {
    List<double[]> hours =
        workers.map(
            "power, ratio " + ratio,
            rollouts,
            i -> play(new PowerFleet(seed * 1_000_003 + i, devicesPerArm, ratio), rules));
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      int rule = i;
      double[] column = hours.stream().mapToDouble(row -> row[rule]).toArray();
      double[] deviceHours = Arrays.stream(column).map(h -> h * devicesPerArm).toArray();
      outcomes.add(Outcome.of(rules.get(rule).name(), column, deviceHours));
    }
    return outcomes;
  }

  private static double[] play(PowerFleet fleet, List<PowerRules.Named> rules) {
    double[] decided = new double[rules.size()];
    Arrays.fill(decided, Double.POSITIVE_INFINITY);
    int open = decided.length;
    for (int hour = 1; hour <= PowerFleet.HOURS && open > 0; hour++) {
      fleet.advance();
      for (int i = 0; i < decided.length; i++) {
        if (decided[i] == Double.POSITIVE_INFINITY && rules.get(i).decides().test(fleet)) {
          decided[i] = hour;
          open--;
        }
      }
    }
    return decided;
  }
}

package dev.earshot.rollout.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Repeats a scenario and notes when each rule decides. Repetition i of a scenario is the same
 * rollout for every rule and every run with the same seed.
 *
 * @param seed of the study
 * @param rollouts repetitions, above 0
 * @param workers who does it
 */
public record Trial(long seed, int rollouts, Workers workers) {
  private static final int NEVER = Integer.MAX_VALUE;

  public Trial {
    if (rollouts <= 0) {
      throw new IllegalArgumentException("rollouts: " + rollouts + " (expected: > 0)");
    }
  }

  /** Minute at which each rule decided in one rollout, and what treated devices listen an hour. */
  private record Played(int[] minutes, double treatedDuty) {
    double hours(int rule) {
      return minutes[rule] == NEVER ? Double.POSITIVE_INFINITY : minutes[rule] / 60.0;
    }
  }

  /** Runs all repetitions. */
  public List<Outcome> run(Scenario scenario, List<Rule.Named> rules) {
    List<Played> played =
        workers.map(
            scenario.name(),
            rollouts,
            i -> play(new SimulatedRollout(scenario, seed(seed, scenario, i)), rules));
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      int rule = i;
      outcomes.add(
          Outcome.of(
              rules.get(rule).name(),
              played.stream().mapToDouble(p -> p.hours(rule)).toArray(),
              played.stream().mapToDouble(p -> p.hours(rule) * p.treatedDuty).toArray()));
    }
    return outcomes;
  }

  /** The seed of one repetition. */
  static long seed(long studySeed, Scenario scenario, int rollout) {
    return (studySeed * 31 + scenario.name().hashCode()) * 1_000_003 + rollout;
  }

  private static Played play(SimulatedRollout rollout, List<Rule.Named> rules) {
    List<Rule> running = new ArrayList<>();
    rules.forEach(rule -> running.add(rule.factory().create(rollout)));
    int[] decided = new int[rules.size()];
    Arrays.fill(decided, NEVER);
    int open = decided.length;
    for (int minute = 1;
        minute <= SimulatedRollout.MINUTES && open > 0;
        minute = Looks.after(minute)) {
      rollout.advanceTo(minute);
      for (int i = 0; i < decided.length; i++) {
        if (decided[i] == NEVER && running.get(i).decides()) {
          decided[i] = minute;
          open--;
        }
      }
    }
    double treatedDuty = 0;
    for (int i = 0; i < rollout.devices(); i++) {
      treatedDuty += rollout.treated(i) ? rollout.duty(i) : 0;
    }
    return new Played(decided, treatedDuty);
  }
}

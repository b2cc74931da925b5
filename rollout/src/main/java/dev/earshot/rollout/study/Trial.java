package dev.earshot.rollout.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Repeats a scenario and notes when each rule decides. Repetition i of a scenario is the same
 * rollout for every rule and every run with the same seed.
 *
 * @param seed of the study
 * @param rollouts repetitions, above 0
 */
public record Trial(long seed, int rollouts) {
  private static final int DENSE_MINUTES = 6 * 60;
  private static final int SPARSE_STEP = 5;

  /**
   * What one rule did.
   *
   * @param rule its name
   * @param rollouts how many it saw
   * @param decided in how many it decided
   * @param medianHours median hours until then over all rollouts (undecided ones count as longer
   *     than any); NaN when fewer than half decided
   */
  public record Outcome(String rule, int rollouts, int decided, double medianHours) {
    /** Share of rollouts in which the rule decided. */
    public double share() {
      return (double) decided / rollouts;
    }
  }

  public Trial {
    if (rollouts <= 0) {
      throw new IllegalArgumentException("rollouts: " + rollouts + " (expected: > 0)");
    }
  }

  /** Runs all repetitions, on as many threads as the machine has. */
  public List<Outcome> run(Scenario scenario, List<Rule.Named> rules) {
    int[][] minutes =
        IntStream.range(0, rollouts)
            .parallel()
            .mapToObj(i -> play(new SimulatedRollout(scenario, rolloutSeed(scenario, i)), rules))
            .toArray(int[][]::new);
    List<Outcome> outcomes = new ArrayList<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      int column = rule;
      int[] decided = Arrays.stream(minutes).mapToInt(row -> row[column]).sorted().toArray();
      int number = (int) Arrays.stream(decided).filter(m -> m < Integer.MAX_VALUE).count();
      int middle = decided[(rollouts - 1) / 2];
      outcomes.add(
          new Outcome(
              rules.get(rule).name(),
              rollouts,
              number,
              middle < Integer.MAX_VALUE ? middle / 60.0 : Double.NaN));
    }
    return outcomes;
  }

  private long rolloutSeed(Scenario scenario, int rollout) {
    return (seed * 31 + scenario.name().hashCode()) * 1_000_003 + rollout;
  }

  /** Minute at which each rule decides, or the largest integer. */
  private static int[] play(SimulatedRollout rollout, List<Rule.Named> rules) {
    List<Rule> running = new ArrayList<>();
    rules.forEach(rule -> running.add(rule.factory().create()));
    int[] decided = new int[rules.size()];
    Arrays.fill(decided, Integer.MAX_VALUE);
    int open = decided.length;
    for (int minute = 1; minute <= SimulatedRollout.MINUTES && open > 0; ) {
      rollout.advanceTo(minute);
      for (int i = 0; i < decided.length; i++) {
        if (decided[i] == Integer.MAX_VALUE && running.get(i).decides(rollout)) {
          decided[i] = minute;
          open--;
        }
      }
      minute += minute < DENSE_MINUTES ? 1 : SPARSE_STEP;
    }
    return decided;
  }
}

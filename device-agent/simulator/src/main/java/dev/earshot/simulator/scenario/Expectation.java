package dev.earshot.simulator.scenario;

import java.time.Duration;
import java.util.Optional;

/** What must hold, or the scenario has failed. */
public sealed interface Expectation {
  /** As it stands in the scenario, for reports. */
  String text();

  /**
   * {@code rollout R is ROLLED_BACK before 2h}.
   *
   * @param rollout its id in the scenario
   * @param state the word of a rollout's state, lower case
   * @param before fleet time since the scenario's start; empty: by the end
   */
  record RolloutState(String text, String rollout, String state, Optional<Duration> before)
      implements Expectation {}

  /**
   * {@code lost acknowledged heartbeats = 0}: a figure of the report against a limit.
   *
   * @param figure its name in the report
   * @param comparison one of {@code =}, {@code <}, {@code <=}, {@code >}, {@code >=}
   * @param limit in the figure's unit
   */
  record Figure(String text, String figure, String comparison, double limit)
      implements Expectation {}
}

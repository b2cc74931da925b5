package dev.earshot.simulator.report;

import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.verify.Verification;
import java.util.List;
import java.util.Optional;

/**
 * What came of a scenario.
 *
 * @param scenario what was run
 * @param virtual whether in virtual time
 * @param hash of the event log; empty in real time, where the order of events is chance
 * @param figures what was counted
 * @param moves of rollouts, in their order
 * @param expectations of the scenario, each with its outcome
 * @param verification what services counted, against what happened; empty when nobody compared
 */
public record RunReport(
    Scenario scenario,
    boolean virtual,
    Optional<String> hash,
    Figures figures,
    List<RolloutMove> moves,
    List<Checked> expectations,
    Optional<Verification> verification) {
  public RunReport {
    moves = List.copyOf(moves);
    expectations = List.copyOf(expectations);
  }

  /** Whether every expectation was met and every comparison came out as it must. */
  public boolean passes() {
    return expectations.stream().allMatch(Checked::holds)
        && verification.map(Verification::holds).orElse(true);
  }
}

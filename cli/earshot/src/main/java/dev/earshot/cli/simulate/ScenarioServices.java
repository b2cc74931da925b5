package dev.earshot.cli.simulate;

import dev.earshot.cli.Connection;
import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.simulator.command.LiveSystem;
import dev.earshot.simulator.command.ScenarioRuns;
import dev.earshot.simulator.report.Checked;
import dev.earshot.simulator.report.Figures;
import dev.earshot.simulator.report.RunReport;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import dev.earshot.simulator.verify.Counted;
import dev.earshot.simulator.verify.Verification;
import dev.earshot.simulator.virtual.VirtualLoop;
import dev.earshot.simulator.virtual.VirtualOutcome;
import dev.earshot.simulator.virtual.VirtualRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs scenarios in virtual time with rollout and monitoring in them, and verifies both; or finds
 * the running system that a fleet joins.
 */
public final class ScenarioServices implements ScenarioRuns {
  /** The rollout's look-back is at least that long: until then it has every interval. */
  private static final Duration LOOK_BACK = Duration.ofDays(7);

  @Override
  public RunReport virtual(Scenario scenario) throws IOException {
    requirePlans(scenario);
    VirtualLoop loop = new VirtualLoop(VirtualRun.START);
    BundledSupply supply = new BundledSupply();
    try (ServicesBackend services = new ServicesBackend(scenario, loop, supply)) {
      Witness witness = new Witness(services.rollouts());
      VirtualOutcome outcome =
          new VirtualRun(scenario, loop, supply.supply(), services, List.of(witness)).run();
      return report(scenario, outcome, verified(scenario, outcome, services, witness));
    }
  }

  /**
   * Reads every plan of a scenario before anything begins.
   *
   * @throws IllegalArgumentException with all that is wrong in the first that can't be used; lines
   *     are the scenario's own
   */
  static void requirePlans(Scenario scenario) {
    for (PlannedRollout rollout : scenario.rollouts()) {
      try {
        var _ = RolloutEngine.plan(rollout);
      } catch (InvalidDocument e) {
        throw new IllegalArgumentException("rollouts: " + rollout.id() + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public LiveSystem live(Optional<Path> folder) {
    return new LiveUp(folder.orElseGet(Connection::defaultData).toAbsolutePath().normalize());
  }

  private static Verification verified(
      Scenario scenario, VirtualOutcome outcome, ServicesBackend services, Witness witness) {
    List<Counted> counted = new ArrayList<>();
    counted.add(witness.heartbeats().counted());
    counted.add(ServiceCounts.monitoring(services.monitoring().settledTotals()));
    if (scenario.duration().compareTo(LOOK_BACK) < 0) {
      counted.add(ServiceCounts.rollout(services.rollouts()));
    }
    return Verification.of(outcome.truth(), outcome.heartbeats(), counted, witness.differences());
  }

  private static RunReport report(
      Scenario scenario, VirtualOutcome outcome, Verification verification) {
    Figures figures =
        Figures.of(
            scenario.factoryRelease().toString(),
            outcome.stats(),
            outcome.truth(),
            outcome.fates(),
            outcome.heartbeats(),
            Optional.of(verification));
    return new RunReport(
        scenario,
        true,
        Optional.of(outcome.hash()),
        figures,
        outcome.moves(),
        Checked.all(scenario.expectations(), figures, outcome.moves()),
        Optional.of(verification));
  }
}

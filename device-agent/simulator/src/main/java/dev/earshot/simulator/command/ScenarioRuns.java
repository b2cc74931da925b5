package dev.earshot.simulator.command;

import dev.earshot.simulator.report.RunReport;
import dev.earshot.simulator.scenario.Scenario;
import java.io.IOException;

/**
 * What needs the services themselves: the whole {@code earshot} command has them, the simulator
 * alone does not.
 */
public interface ScenarioRuns {
  /** For a simulator that stands alone. */
  ScenarioRuns NONE =
      scenario -> {
        throw new IllegalArgumentException(
            "--virtual: needs the services in this process (fix: use the earshot command)");
      };

  /**
   * Runs a scenario in virtual time, with the services in it, and compares what they counted.
   *
   * @throws IOException when something that the scenario needs is not there
   */
  RunReport virtual(Scenario scenario) throws IOException;
}

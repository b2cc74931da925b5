package dev.earshot.simulator.command;

import dev.earshot.simulator.report.RunReport;
import dev.earshot.simulator.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What needs the services themselves: the whole {@code earshot} command has them, the simulator
 * alone does not.
 */
public interface ScenarioRuns {
  /** For a simulator that stands alone. */
  ScenarioRuns NONE =
      new ScenarioRuns() {
        @Override
        public RunReport virtual(Scenario scenario) {
          throw new IllegalArgumentException(
              "--virtual: needs the services in this process (fix: use the earshot command)");
        }

        @Override
        public LiveSystem live(Optional<Path> folder) {
          throw new IllegalArgumentException(
              "--trust: missing (expected: a folder with image-root.json and director-root.json)");
        }
      };

  /**
   * Runs a scenario in virtual time, with the services in it, and compares what they counted.
   *
   * @throws IOException when something that the scenario needs is not there
   */
  RunReport virtual(Scenario scenario) throws IOException;

  /**
   * The {@code earshot up} that runs on this machine.
   *
   * @param folder its data folder; empty: the usual one
   * @throws IllegalArgumentException when none runs; says how to start one
   */
  LiveSystem live(Optional<Path> folder);
}

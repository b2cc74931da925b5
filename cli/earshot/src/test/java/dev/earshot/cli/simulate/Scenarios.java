package dev.earshot.cli.simulate;

import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.ScenarioFormat;

/** Scenarios for tests. */
final class Scenarios {
  private Scenarios() {}

  /** A rollout over devices of the usual mix, with {@code more} fields of the scenario. */
  static Scenario rollout(int devices, String duration, String release, String more) {
    return rollout("{count: " + devices + "}", duration, release, more);
  }

  /** A rollout over that group of devices, with {@code more} fields of the scenario. */
  static Scenario rollout(String group, String duration, String release, String more) {
    return ScenarioFormat.read(
        """
        name: test
        seed: 7
        duration: %s
        groups: [%s]
        rollouts:
          - id: ramp
            at: 3h
            plan:
              release: %s
              cohort: device.chip == "ndp120"
              stages:
                - {percent: 50, soak: 1h, margin: 3}
                - {percent: 100, soak: 1h, margin: 3}
              holdback_percent: 5
              offers: {per_minute: 100}
              trial: 20m
        %s
        """
            .formatted(duration, group, release, more));
  }
}

package dev.earshot.cli.simulate;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.Arrival;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import dev.earshot.simulator.world.PopulationMix;
import java.time.Duration;
import java.util.List;

/** Scenarios for tests. */
final class Scenarios {
  static final String PLAN =
      """
      cohort: device.chip == "ndp120"
      stages:
        - {percent: 40, soak: 1h, margin: 1.5}
        - {percent: 70, soak: 1h, margin: 1.35}
        - {percent: 100, soak: 2h, margin: 1.25}
      holdback_percent: 5
      offers: {per_minute: 20}
      trial: 20m
      """;

  private Scenarios() {}

  static Scenario rollout(int devices, Duration duration, String release) {
    return new Scenario(
        "test",
        7,
        "home",
        ReleaseRef.parse("hey-nova:1.0.0"),
        duration,
        Duration.ofMinutes(15),
        new Arrival(Arrival.Shape.CONSTANT, Duration.ofMinutes(10), 1000),
        List.of(
            DeviceGroup.standard(devices)),
        List.of(),
        "hey-nova:1.1.0".equals(release) && System.getenv("PLANT") != null ? List.of(new dev.earshot.simulator.scenario.Regression(ReleaseRef.parse(release), dev.earshot.simulator.scenario.Regression.Metric.FALSE_ACCEPTS, 10, java.util.Set.of(dev.earshot.protocol.v1.Environment.CAR))) : List.of(),
        List.of(
            new PlannedRollout(
                "r-test", Duration.ofHours(6), "release: " + release + "\n" + PLAN)),
        List.of());
  }
}

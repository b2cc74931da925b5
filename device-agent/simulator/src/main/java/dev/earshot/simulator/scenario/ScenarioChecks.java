package dev.earshot.simulator.scenario;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.problem.NearestName;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How the parts of a scenario go together. */
final class ScenarioChecks {
  private static final Duration LONGEST = Duration.ofDays(365);

  private ScenarioChecks() {}

  static void check(
      String name,
      String fleet,
      Duration duration,
      Duration heartbeat,
      List<DeviceGroup> groups,
      List<Fault> faults,
      List<PlannedRollout> rollouts,
      List<Expectation> expectations) {
    Checks checks = new Checks();
    checks
        .require(
            !name.isBlank() && name.length() <= 64, "name", "'" + name + "'", "1 to 64 characters")
        .require(isFleet(fleet), "fleet", "'" + fleet + "'", "1 to 64 of A-Z a-z 0-9 _ -")
        .require(
            duration.isPositive() && duration.compareTo(LONGEST) <= 0,
            "duration",
            Durations.format(duration),
            "above 0s to 365d")
        .require(
            heartbeat.compareTo(Duration.ofMillis(100)) >= 0
                && heartbeat.compareTo(Duration.ofDays(1)) <= 0,
            "heartbeat",
            Durations.format(heartbeat),
            "100ms to 1d")
        .require(!groups.isEmpty(), "groups", groups, "at least one");
    groups(checks, groups);
    Set<String> names = new HashSet<>(groups.stream().map(DeviceGroup::name).toList());
    for (int i = 0; i < faults.size(); i++) {
      for (String group : faults.get(i).groups()) {
        known(checks, "faults[" + i + "].groups", group, names);
      }
    }
    rollouts(checks, rollouts, duration);
    Set<String> ids = new HashSet<>(rollouts.stream().map(PlannedRollout::id).toList());
    for (int i = 0; i < expectations.size(); i++) {
      if (expectations.get(i) instanceof Expectation.RolloutState state) {
        known(checks, "expect[" + i + "]", state.rollout(), ids);
      }
    }
    checks.done();
  }

  private static void groups(Checks checks, List<DeviceGroup> groups) {
    Set<String> seen = new HashSet<>();
    long devices = 0;
    for (int i = 0; i < groups.size(); i++) {
      DeviceGroup group = groups.get(i);
      devices += group.count();
      checks.require(
          seen.add(group.name()),
          "groups[" + i + "].name",
          "'" + group.name() + "'",
          "a name that no other group has");
    }
    checks.require(
        devices <= DeviceGroup.MOST_DEVICES, "groups", devices + " devices", "at most 1000000");
  }

  private static void rollouts(Checks checks, List<PlannedRollout> rollouts, Duration duration) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < rollouts.size(); i++) {
      PlannedRollout rollout = rollouts.get(i);
      String at = "rollouts[" + i + "].";
      checks
          .require(
              seen.add(rollout.id()),
              at + "id",
              "'" + rollout.id() + "'",
              "an id that no other rollout has")
          .fit(
              rollout.at().compareTo(duration) < 0,
              at + "at",
              Durations.format(rollout.at()),
              "before the scenario ends, " + Durations.format(duration),
              "duration");
    }
  }

  private static void known(Checks checks, String field, String name, Collection<String> names) {
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(null);
    String expected =
        NearestName.of(name, sorted)
            .map(near -> near + "?")
            .orElse(sorted.isEmpty() ? "none, as there are none" : "one of " + sorted);
    checks.require(names.contains(name), field, "'" + name + "'", expected);
  }

  private static boolean isFleet(String fleet) {
    try {
      var _ = new DeviceId(fleet, "sim-000000");
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

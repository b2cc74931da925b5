package dev.earshot.simulator.command;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.document.Numbers;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.Expectation;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Regression;
import dev.earshot.simulator.scenario.Scenario;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a scenario says, in words, defaults included. */
final class ScenarioSummary {
  private ScenarioSummary() {}

  static void print(Scenario scenario, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d devices of fleet %s with %s for %s, a heartbeat every %s, seed %d%n",
        scenario.name(),
        scenario.devices(),
        scenario.fleet(),
        scenario.factoryRelease(),
        Durations.format(scenario.duration()),
        Durations.format(scenario.heartbeatInterval()),
        scenario.seed());
    scenario.groups().forEach(group -> out.println("  group " + group(group)));
    scenario.faults().forEach(fault -> out.println("  fault " + fault(fault, scenario)));
    scenario.regressions().forEach(planted -> out.println("  regression " + planted(planted)));
    scenario
        .rollouts()
        .forEach(
            rollout ->
                out.println(
                    "  rollout " + rollout.id() + " after " + Durations.format(rollout.at())));
    scenario.expectations().stream()
        .map(Expectation::text)
        .forEach(text -> out.println("  expect " + text));
  }

  private static String group(DeviceGroup group) {
    double sum = group.mix().environments().values().stream().mapToDouble(d -> d).sum();
    String places =
        Labels.environments().stream()
            .filter(place -> group.mix().environments().getOrDefault(place, 0.0) > 0)
            .map(
                place ->
                    Labels.of(place)
                        + " "
                        + Math.round(
                            100 * group.mix().environments().getOrDefault(place, 0.0) / sum)
                        + " %")
            .collect(Collectors.joining(", "));
    String moves =
        group.moves().stream()
            .map(
                move ->
                    "; "
                        + Numbers.plain(move.perDay())
                        + " times a day from "
                        + Labels.of(move.from())
                        + " to "
                        + Labels.of(move.to())
                        + " for "
                        + Durations.format(move.stay()))
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        "%s: %,d devices with %s by %s, %s; battery %s mWh%s%s",
        group.name(),
        group.count(),
        group.mix().chip(),
        group.fidelity().name().toLowerCase(Locale.ROOT),
        places,
        Numbers.plain(group.battery().capacityMilliwattHours() * group.battery().health()),
        group.churn().leavesPerDay() == 0
            ? ""
            : "; off "
                + Numbers.plain(group.churn().leavesPerDay())
                + " times a day for "
                + Durations.format(group.churn().awayFor()),
        moves);
  }

  private static String fault(Fault fault, Scenario scenario) {
    String magnitude =
        fault.kind().amount().field().isEmpty()
            ? ""
            : ", " + fault.kind().amount().field() + " " + Numbers.plain(fault.magnitude());
    boolean toTheEnd =
        fault.until().compareTo(scenario.duration()) >= 0 || fault.until().equals(Checks.LONGEST);
    return fault.kind().word()
        + ": "
        + Numbers.plain(fault.rate())
        + rate(fault)
        + magnitude
        + (fault.from().isZero() ? "" : ", from " + Durations.format(fault.from()))
        + (toTheEnd ? "" : ", until " + Durations.format(fault.until()))
        + (fault.groups().isEmpty() ? "" : ", only " + list(fault.groups()));
  }

  private static String rate(Fault fault) {
    return switch (fault.kind().frequency()) {
      case PROBABILITY -> " of all";
      case SHARE ->
          fault.kind() == Fault.Kind.GATEWAY_LOSS ? " of the gateways" : " of the devices";
      case PER_DAY -> " for each device and day";
    };
  }

  private static String planted(Regression planted) {
    String where =
        planted.environments().isEmpty()
            ? "everywhere"
            : "in " + list(planted.environments().stream().map(Labels::of).toList());
    return planted.release()
        + ": "
        + planted.metric().word()
        + " "
        + Numbers.plain(planted.factor())
        + " "
        + where;
  }

  private static String list(Collection<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }
}

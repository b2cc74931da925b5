package dev.earshot.simulator.command;

import dev.earshot.ndp.Execution;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.simulator.SimulatorConfig.Endpoints;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.process.Spread;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * How a worker is started: with what its parent was told, except what only the parent does, and
 * with its share.
 */
public final class WorkerCommand {
  /** Not handed on: what the parent does for all, and what it says itself for each worker. */
  private static final Set<String> PARENTS_OWN =
      Set.of(
          "--processes",
          "--metrics-port",
          "--duration",
          "--trust",
          "--gateway",
          "--host",
          "--port",
          "--registry",
          "--system",
          "--verify",
          "--report",
          "--junit",
          "--speed",
          "--clock",
          "--ifaddr",
          "--worker",
          "--event-loops",
          "--starts-at");

  private final List<String> told;
  private final FleetClock clock;
  private final Instant start;

  /**
   * For workers of a fleet whose scenario begins now.
   *
   * @param told arguments of {@code earshot simulate} that describe the fleet
   * @param clock that all of them share
   */
  public WorkerCommand(List<String> told, FleetClock clock) {
    this.told = List.copyOf(told);
    this.start = clock.instant();
    this.clock = clock;
  }

  /**
   * For workers of a command that was told that.
   *
   * @param endpoints what it made of that
   * @param trust the folder that the endpoints' trust was read from
   */
  static WorkerCommand of(ParseResult told, Endpoints endpoints, Path trust, FleetClock clock) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--trust=" + trust.toAbsolutePath());
    arguments.add("--registry=" + endpoints.registryUrl());
    arguments.add(
        "--gateway="
            + endpoints.gateways().stream()
                .map(GatewayAddress::toString)
                .collect(Collectors.joining(",")));
    for (OptionSpec option : told.matchedOptions()) {
      if (PARENTS_OWN.stream().noneMatch(List.of(option.names())::contains)) {
        values(option).forEach(value -> arguments.add(option.longestName() + "=" + value));
      }
    }
    told.matchedPositionals().forEach(each -> arguments.addAll(values(each)));
    return new WorkerCommand(arguments, clock);
  }

  /** The command line of the process that runs this share. */
  public List<String> of(Spread.Share share) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Begins small and grows as devices come; out of memory it dies, and its parent says so.
    command.add("-Xms32m");
    command.add("-Xmx" + share.heapMib() + "m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    // One thread of devices: the plainest collector and the smallest objects.
    command.add("-XX:+UseSerialGC");
    command.add("-XX:+UseCompactObjectHeaders");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    if (Execution.VECTOR.isPossible()) {
      // What runs models fast here runs them fast there.
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(WorkerMain.class.getName());
    command.addAll(arguments(share));
    return command;
  }

  List<String> arguments(Spread.Share share) {
    List<String> arguments = new ArrayList<>(told);
    arguments.add("--clock=" + clock.specification());
    arguments.add("--starts-at=" + start);
    arguments.add("--worker=" + share.shard());
    arguments.add("--event-loops=" + share.eventLoops());
    if (!share.sources().isEmpty()) {
      arguments.add("--ifaddr=" + String.join(",", share.sources()));
    }
    return arguments;
  }

  private static List<String> values(ArgSpec argument) {
    return argument.originalStringValues();
  }
}

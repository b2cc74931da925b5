package dev.earshot.simulator.command;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.PublisherKey;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.FleetSimulator;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.device.FaultPlan;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.world.PopulationMix;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code earshot simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a fleet of simulated devices against a gateway and a registry.",
      "Each device is the agent of a real one in a virtual world: it connects over MQTT, sends"
          + " heartbeats, downloads, tests and installs what it is told to. How its model behaves is"
          + " drawn from the release's evaluation."
    },
    footer = {
      "",
      "Example: 2000 devices, a day of fleet time in five minutes:",
      "  earshot simulate -c 2000 --speed 300 --duration 5m --publisher-key HEX"
    })
public final class SimulateCommand implements Callable<Integer> {
  private static final long PROGRESS_MILLIS = 1000;
  private static final Duration QUIESCE_PATIENCE = Duration.ofSeconds(30);

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = {"-c", "--devices"},
      paramLabel = "N",
      defaultValue = "500",
      description = "How many devices (default: ${DEFAULT-VALUE}).")
  int devices;

  @Option(
      names = {"-R", "--connect-rate"},
      paramLabel = "N",
      defaultValue = "200",
      description = "How many connect in a second (default: ${DEFAULT-VALUE}).")
  int connectRate;

  @Option(
      names = {"-I", "--interval"},
      paramLabel = "TIME",
      defaultValue = "15m",
      description = "Heartbeat interval, fleet time (default: ${DEFAULT-VALUE}).")
  String interval = "";

  @Option(
      names = "--gateway",
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:1883",
      split = ",",
      description = "Gateways, by turns (default: ${DEFAULT-VALUE}).")
  List<String> gateways = List.of();

  @Option(
      names = "--registry",
      paramLabel = "URL",
      defaultValue = "http://localhost:7081",
      description = "Registry (default: ${DEFAULT-VALUE}).")
  String registry = "";

  @Option(
      names = "--release",
      paramLabel = "NAME:VERSION",
      defaultValue = "hey-nova:1.0.0",
      description = "What new devices leave the factory with (default: ${DEFAULT-VALUE}).")
  String release = "";

  @Option(
      names = "--publisher-key",
      paramLabel = "HEX",
      required = true,
      description = "The publisher's public key, pinned in every device.")
  String publisherKey = "";

  @Option(
      names = "--fleet",
      paramLabel = "NAME",
      defaultValue = "home",
      description = "Whose devices they are (default: ${DEFAULT-VALUE}).")
  String fleet = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the population and all that is drawn (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the devices' flash is kept; without it they are new every time.")
  @Nullable Path data;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "When to end, machine time, such as 90s or 5m; without it at Ctrl-C.")
  @Nullable String duration;

  @ArgGroup(exclusive = true)
  @Nullable Time time;

  @ArgGroup(validate = false, heading = "%nWhat goes wrong:%n")
  Faults faults = new Faults();

  /** Which time the fleet lives in. */
  static final class Time {
    @Option(
        names = "--speed",
        paramLabel = "X",
        description = "How much faster than the machine's the fleet's clock runs (default: 1).")
    double speed = 1;

    @Option(
        names = "--clock",
        paramLabel = "SPEC",
        description = "A clock shared with other processes: FLEET_INSTANT@MACHINE_INSTANT*SPEED.")
    @Nullable String clock;
  }

  /** Probabilities and rates. */
  static final class Faults {
    @Option(
        names = "--duplicate-heartbeats",
        paramLabel = "P",
        description = "Probability that a heartbeat is sent twice.")
    double duplicateHeartbeats;

    @Option(
        names = "--disconnects-per-day",
        paramLabel = "N",
        description = "Lost connections of a device in a day of fleet time.")
    double disconnectsPerDay;

    @Option(
        names = "--corrupt-downloads",
        paramLabel = "P",
        description = "Probability that an update arrives damaged.")
    double corruptDownloads;

    @Option(
        names = "--power-cuts",
        paramLabel = "P",
        description = "Probability that an update is hit by a power cut.")
    double powerCuts;
  }

  @Override
  public Integer call() {
    CommandSpec command = spec();
    SimulatorConfig config;
    FleetClock clock;
    Optional<Duration> end;
    try {
      config = config();
      clock = clock();
      end = Optional.ofNullable(duration).map(ShortDuration::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
    PrintWriter out = command.commandLine().getOut();
    try (FleetSimulator simulator = FleetSimulator.start(config, clock)) {
      return run(simulator, end, new Progress(out));
    } catch (IOException e) {
      command.commandLine().getErr().println("simulate: " + e.getMessage());
      return 1;
    }
  }

  private static int run(FleetSimulator simulator, Optional<Duration> end, Progress progress) {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(stop, stopped), "simulate-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      long deadline = System.nanoTime() + end.orElse(Duration.ofDays(36_500)).toNanos();
      while (!stop.await(PROGRESS_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
        progress.line(simulator.stats());
      }
      simulator.quiesce(QUIESCE_PATIENCE);
      progress.summary(simulator.stats(), simulator.truth());
      return 0;
    } catch (TimeoutException e) {
      progress.summary(simulator.stats(), simulator.truth());
      progress.warning(String.valueOf(e.getMessage()));
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      stopped.countDown();
      removeHook(hook);
    }
  }

  private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      var _ = stopped.await(QUIESCE_PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the machine is going down already: the hook itself led here
    }
  }

  private SimulatorConfig config() {
    return new SimulatorConfig(
        new SimulatorConfig.FleetPlan(
            fleet, devices, seed, PopulationMix.standard(), ReleaseRef.parse(release)),
        new SimulatorConfig.Endpoints(
            gateways.stream().map(GatewayAddress::parse).toList(),
            registry,
            Set.of(new PublisherKey.Public(publisherKey))),
        new SimulatorConfig.Pace(
            ShortDuration.parse(interval),
            connectRate,
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64)),
        new FaultPlan(
            faults.duplicateHeartbeats,
            faults.disconnectsPerDay,
            faults.corruptDownloads,
            faults.powerCuts),
        Optional.ofNullable(data));
  }

  private FleetClock clock() {
    Time chosen = time;
    if (chosen == null) {
      return FleetClock.realTime();
    }
    String shared = chosen.clock;
    return shared != null
        ? FleetClock.parse(shared)
        : FleetClock.startingAt(Instant.now(), chosen.speed, InstantSource.system());
  }

  private CommandSpec spec() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("picocli sets the spec before it calls");
    }
    return known;
  }
}

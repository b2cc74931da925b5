package dev.earshot.simulator.command;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.PublisherKey;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.process.Fleet;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "A scenario, in seconds and without a system; then the same against a running one:",
      "  earshot simulate night.yaml --virtual",
      "  earshot up --no-demo --devices 0 --speed 300      (in another terminal)",
      "  earshot simulate night.yaml",
      "60,000 devices over several processes and four gateways:",
      "  earshot simulate -c 60000 -R 1000 --gateway localhost:1883,localhost:1884,... ..."
    })
public final class SimulateCommand implements Callable<Integer> {
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int DEFAULT_CONNECT_RATE = 200;
  private static final String REGISTRY = "http://localhost:7081";

  private final ScenarioRuns runs;

  @Spec @Nullable CommandSpec spec;

  @Mixin ReportOptions reports = new ReportOptions();

  /** A simulator that stands alone. */
  public SimulateCommand() {
    this(ScenarioRuns.NONE);
  }

  /**
   * @param runs what needs the services
   */
  public SimulateCommand(ScenarioRuns runs) {
    this.runs = runs;
  }

  @Option(
      names = {"-c", "--devices", "--count"},
      paramLabel = "N",
      defaultValue = "500",
      description = "How many devices (default: ${DEFAULT-VALUE}).")
  int devices;

  @Option(
      names = {"-R", "--connect-rate", "--connrate"},
      paramLabel = "N",
      description = "How many connect in a second (default: 200).")
  @Nullable Integer connectRate;

  @Option(
      names = "-i",
      paramLabel = "MS",
      description = "The same as milliseconds between two connects, 1 to 1000.")
  @Nullable Integer connectInterval;

  @Option(
      names = {"-I", "--interval", "--interval_of_msg"},
      paramLabel = "TIME",
      defaultValue = "15m",
      description =
          "Heartbeat interval, fleet time (default: ${DEFAULT-VALUE}); a bare number is"
              + " milliseconds.")
  String interval = "";

  @Option(
      names = "--gateway",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Gateways, by turns (default: that of the `earshot up`, else localhost:1883).")
  List<String> gateways = List.of();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      split = ",",
      description = "Gateways by name only; all of them listen on --port.")
  List<String> hosts = List.of();

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "1883",
      description = "Of the gateways of --host (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Registry (default: that of the `earshot up`, else http://localhost:7081).")
  @Nullable String registry;

  @Option(
      names = "--release",
      paramLabel = "NAME:VERSION",
      defaultValue = "hey-nova:1.0.0",
      description = "What new devices leave the factory with (default: ${DEFAULT-VALUE}).")
  String release = "";

  @Option(
      names = "--publisher-key",
      paramLabel = "HEX",
      description =
          "The publisher's public key, pinned in every device; without it the devices join the"
              + " `earshot up` on this machine (see --system).")
  @Nullable String publisherKey;

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
      names = "--scenes",
      paramLabel = "DIR",
      description =
          "Audio for groups of fidelity audio, as `earshot model train --scenes` renders.")
  @Nullable Path scenes;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description =
          "When to end, machine time, such as 90s or 5m; without it at the scenario's end, or at"
              + " Ctrl-C.")
  @Nullable String duration;

  @Mixin ScenarioOptions described = new ScenarioOptions();

  @Mixin ScaleOptions scale = new ScaleOptions();

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
    OptionalInt answer =
        described.answer(command.commandLine().getOut(), command.commandLine().getErr());
    if (answer.isPresent()) {
      return answer.getAsInt();
    }
    if (reports.virtual) {
      return virtual(command);
    }
    if (publisherKey != null) {
      return fleet(command, Optional.empty());
    }
    try (LiveSystem live = runs.live(Optional.ofNullable(reports.system))) {
      return fleet(command, Optional.of(live));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int fleet(CommandSpec command, Optional<LiveSystem> live) {
    SimulatorConfig config;
    FleetClock clock;
    Optional<Duration> end;
    try {
      clock = clock(live);
      Optional<Scenario> scenario = described.scenario(command.commandLine().getParseResult());
      config = config(scenario, live, clock);
      end =
          duration != null
              ? Optional.of(ShortDuration.parse(duration))
              : scenario.map(it -> ScenarioOptions.machineTime(it, clock.speed()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      if (scale.isWorker()) {
        scale.serve(config, clock);
        return 0;
      }
      return run(command, config, live, clock, end);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      command.commandLine().getErr().println("simulate: " + e.getMessage());
      return 1;
    }
  }

  private int virtual(CommandSpec command) {
    CommandLine line = command.commandLine();
    try {
      Scenario scenario = described.scenario(line.getParseResult()).orElseGet(this::flagged);
      return reports.runVirtual(scenario, runs, line.getOut());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      line.getErr().println("simulate: " + e.getMessage());
      return 1;
    }
  }

  private int run(
      CommandSpec command,
      SimulatorConfig config,
      Optional<LiveSystem> live,
      FleetClock clock,
      Optional<Duration> end)
      throws IOException {
    CommandLine line = command.commandLine();
    Scenario scenario = config.scenario();
    reports.requireAnswerable(scenario, live);
    if (live.isPresent()) {
      live.get().prepare(scenario);
      live.get().begin(scenario, config.start().orElseGet(clock::instant));
    }
    try (Fleet fleet = scale.open(line.getParseResult(), config, clock);
        MetricsPort _ = MetricsPort.open(scale.metricsPort, fleet)) {
      int status = new FleetRun(fleet, end, line.getOut()).run();
      boolean wanted = described.isGiven() || reports.isWanted();
      return status == 0 && wanted
          ? reports.live(scenario, fleet.report(), live, line.getOut())
          : status;
    }
  }

  private SimulatorConfig config(
      Optional<Scenario> scenario, Optional<LiveSystem> live, FleetClock clock) {
    String key = publisherKey;
    PublisherKey.Public publisher =
        key != null ? new PublisherKey.Public(key) : live.orElseThrow().publisher();
    String registryUrl =
        registry != null ? registry : live.map(LiveSystem::registry).orElse(REGISTRY);
    return new SimulatorConfig(
        scenario.orElseGet(this::flagged),
        new SimulatorConfig.Endpoints(gateways(live), registryUrl, Set.of(publisher)),
        Optional.of(scale.start(clock)),
        scale.eventLoops(),
        Optional.ofNullable(data),
        Optional.ofNullable(scenes));
  }

  /** The one group of devices, and the faults, that flags can describe. */
  private Scenario flagged() {
    Map<Fault.Kind, Double> rates = new EnumMap<>(Fault.Kind.class);
    rates.put(Fault.Kind.DUPLICATE_HEARTBEAT, faults.duplicateHeartbeats);
    rates.put(Fault.Kind.FLAPPING, faults.disconnectsPerDay);
    rates.put(Fault.Kind.CORRUPT_CHUNK, faults.corruptDownloads);
    rates.put(Fault.Kind.POWER_LOSS_IN_UPDATE, faults.powerCuts);
    rates.values().removeIf(rate -> rate == 0);
    return Scenario.standard(devices, ReleaseRef.parse(release))
        .withSeed(seed)
        .withFleet(fleet)
        .withPace(ShortDuration.parse(interval), connectsPerSecond())
        .withFaults(
            rates.entrySet().stream()
                .map(rate -> Fault.of(rate.getKey(), rate.getValue()))
                .toList());
  }

  private List<GatewayAddress> gateways(Optional<LiveSystem> live) {
    if (hosts.isEmpty()) {
      List<String> told =
          gateways.isEmpty()
              ? List.of(live.map(LiveSystem::gateway).orElse("localhost:1883"))
              : gateways;
      return told.stream().map(GatewayAddress::parse).toList();
    }
    if (!gateways.isEmpty()) {
      throw new IllegalArgumentException("--host: together with --gateway (expected: one of them)");
    }
    return hosts.stream().map(host -> new GatewayAddress(host, port)).toList();
  }

  private int connectsPerSecond() {
    Integer rate = connectRate;
    Integer millis = connectInterval;
    if (millis == null) {
      return rate == null ? DEFAULT_CONNECT_RATE : rate;
    }
    if (rate != null) {
      throw new IllegalArgumentException("-i: together with -R (expected: one of them)");
    }
    if (millis < 1 || millis > MILLIS_PER_SECOND) {
      throw new IllegalArgumentException("-i: " + millis + " (expected: 1 to 1000)");
    }
    return MILLIS_PER_SECOND / millis;
  }

  private FleetClock clock(Optional<LiveSystem> live) {
    Time chosen = time;
    if (chosen == null) {
      return live.map(LiveSystem::clock).orElseGet(FleetClock::realTime);
    }
    if (live.isPresent()) {
      throw new IllegalArgumentException(
          "--speed, --clock: the fleet of an `earshot up` lives in its time (fix: start that with"
              + " --speed)");
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

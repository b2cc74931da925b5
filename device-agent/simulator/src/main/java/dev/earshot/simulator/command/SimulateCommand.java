package dev.earshot.simulator.command;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.process.Fleet;
import dev.earshot.simulator.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
  private final ScenarioRuns runs;

  @Spec @Nullable CommandSpec spec;

  @Mixin FleetOptions fleet = new FleetOptions();

  @Mixin SystemOptions system = new SystemOptions();

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

  @Override
  public Integer call() {
    CommandLine line = spec().commandLine();
    OptionalInt answer = described.answer(line.getOut(), line.getErr());
    if (answer.isPresent()) {
      return answer.getAsInt();
    }
    try {
      if (reports.virtual) {
        Scenario scenario = described.scenario(line.getParseResult()).orElseGet(fleet::scenario);
        return reports.runVirtual(scenario, runs, line.getOut());
      }
      if (system.isAlone()) {
        return join(line, Optional.empty());
      }
      try (LiveSystem live = runs.live(system.folder())) {
        return join(line, Optional.of(live));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      line.getErr().println("simulate: " + e.getMessage());
      return 1;
    }
  }

  private int join(CommandLine line, Optional<LiveSystem> live) throws IOException {
    FleetClock clock = system.clock(live);
    Optional<Scenario> scenario = described.scenario(line.getParseResult());
    SimulatorConfig config = config(scenario, live, clock);
    Optional<Duration> end =
        duration != null
            ? Optional.of(ShortDuration.parse(duration))
            : scenario.map(it -> ScenarioOptions.machineTime(it, clock.speed()));
    if (scale.isWorker()) {
      scale.serve(config, clock);
      return 0;
    }
    return run(line, config, live, clock, end);
  }

  private int run(
      CommandLine line,
      SimulatorConfig config,
      Optional<LiveSystem> live,
      FleetClock clock,
      Optional<Duration> end)
      throws IOException {
    long began = System.nanoTime();
    Scenario scenario = config.scenario();
    reports.requireAnswerable(scenario, live);
    if (live.isPresent()) {
      live.get().prepare(scenario);
      live.get().begin(scenario, config.start().orElseGet(clock::instant));
    }
    Path trust = system.trustFolder(live);
    try (Fleet running = scale.open(line.getParseResult(), config, trust, clock);
        MetricsPort _ = MetricsPort.open(scale.metricsPort, running)) {
      int status = new FleetRun(running, end, line.getOut()).run();
      boolean wanted = described.isGiven() || reports.isWanted();
      return status == 0 && wanted
          ? reports.live(scenario, running.report(), live, began, line.getOut())
          : status;
    }
  }

  private SimulatorConfig config(
      Optional<Scenario> scenario, Optional<LiveSystem> live, FleetClock clock)
      throws IOException {
    return new SimulatorConfig(
        scenario.orElseGet(fleet::scenario),
        system.endpoints(live),
        Optional.of(scale.start(clock)),
        scale.eventLoops(),
        Optional.ofNullable(data),
        Optional.ofNullable(scenes));
  }

  private CommandSpec spec() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("picocli sets the spec before it calls");
    }
    return known;
  }
}

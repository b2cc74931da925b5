package dev.earshot.simulator.command;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.simulator.FleetSimulator;
import dev.earshot.simulator.Placement;
import dev.earshot.simulator.Shard;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.process.Fleet;
import dev.earshot.simulator.process.LocalFleet;
import dev.earshot.simulator.process.ShardFolder;
import dev.earshot.simulator.process.Spread;
import dev.earshot.simulator.process.Worker;
import dev.earshot.simulator.process.WorkerFleet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** In how many processes a fleet runs, and what can be seen of it from outside. */
final class ScaleOptions {
  /** A worker that was interrupted waits so long for its parent's order. */
  private static final long ORDERS_WITHIN_SECONDS = 600;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Processes to spread the devices over (default: as few as the limit of open files"
              + " allows). What happens to a device does not depend on it.")
  @Nullable Integer processes;

  @Option(
      names = "--ifaddr",
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "Local addresses to connect from, by turns: each has some 28,000 ports for each gateway"
              + " (default with several processes on Linux and gateways on this machine: two of"
              + " 127.0.0.0/8 for each process).")
  List<String> sources = List.of();

  @Option(
      names = {"-k", "--keepalive"},
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "A device that sent nothing for so long pings (default: ${DEFAULT-VALUE}). In a large"
              + " fleet that rarely reports, pings are most of the load.")
  int keepAlive = 60;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Serve earshot_simulator_* for Prometheus at http://HOST:PORT/metrics.")
  @Nullable Integer metricsPort;

  @Option(names = "--worker", hidden = true, description = "Which part of the fleet this is.")
  @Nullable String worker;

  @Option(names = "--event-loops", hidden = true, description = "Threads of devices.")
  @Nullable Integer eventLoops;

  @Option(names = "--starts-at", hidden = true, description = "When the scenario began.")
  @Nullable String startsAt;

  /** When the scenario begins: all processes of a fleet agree on it. */
  Instant start(FleetClock clock) {
    String told = startsAt;
    return told == null ? clock.instant() : Instant.parse(told);
  }

  boolean isWorker() {
    return worker != null;
  }

  int eventLoops() {
    Integer told = eventLoops;
    return told != null ? told : Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64);
  }

  /** Starts the fleet, here or spread over workers that are told the same. */
  Fleet open(ParseResult told, SimulatorConfig config, Path trust, FleetClock clock)
      throws IOException {
    int devices = config.devices();
    Integer wanted = processes;
    Spread spread = wanted == null ? Spread.fewest(devices) : Spread.of(devices, wanted);
    if (config.dataDirectory().isPresent()) {
      ShardFolder.check(config.dataDirectory().get(), spread.processes());
    }
    if (spread.isWhole()) {
      Placement here = placement(Shard.WHOLE);
      return new LocalFleet(FleetSimulator.start(config, clock, here));
    }
    WorkerCommand command = WorkerCommand.of(told, config.endpoints(), trust, clock);
    return WorkerFleet.start(spread.shares(config.endpoints().gateways(), sources), command::of);
  }

  /** Runs this worker's share until the parent says stop. */
  void serve(SimulatorConfig config, FleetClock clock) throws IOException {
    Shard shard = Shard.parse(String.valueOf(worker));
    // The parent reads what is printed: nobody else may.
    PrintStream parent = System.out;
    System.setOut(System.err);
    SimulatorConfig mine = config;
    if (config.dataDirectory().isPresent()) {
      Path data = config.dataDirectory().get();
      mine = config.withDataDirectory(ShardFolder.of(data, shard));
    }
    CountDownLatch done = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> await(done), "worker-orders"));
    try (LocalFleet fleet = new LocalFleet(FleetSimulator.start(mine, clock, placement(shard)))) {
      new Worker(fleet, parent)
          .serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    } finally {
      done.countDown();
    }
  }

  /** Ctrl-C reaches every process of the terminal; the parent's orders are what counts. */
  private static void await(CountDownLatch done) {
    try {
      var _ = done.await(ORDERS_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Placement placement(Shard shard) {
    return new Placement(shard, addresses(), Duration.ofSeconds(keepAlive));
  }

  private List<InetAddress> addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    for (String each : sources) {
      try {
        addresses.add(InetAddress.getByName(each));
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(
            "--ifaddr: '" + each + "' (expected: a local address, such as 127.0.0.2)", e);
      }
    }
    return addresses;
  }
}

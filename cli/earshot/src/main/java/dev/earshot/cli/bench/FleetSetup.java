package dev.earshot.cli.bench;

import dev.earshot.cli.Connection.Endpoints;
import dev.earshot.cli.trust.LocalTrustFolder;
import dev.earshot.cli.up.AllInOne;
import dev.earshot.cli.up.BundledReleases;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.simulator.command.WorkerCommand;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.process.Spread;
import dev.earshot.simulator.process.WorkerFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * All that a fleet needs on one machine: broker and services in this process, gateways in processes
 * of their own, both releases in the registry.
 */
final class FleetSetup implements AutoCloseable {
  static final ReleaseRef OLD = ReleaseRef.parse("hey-nova:1.0.0");
  static final ReleaseRef NEW = ReleaseRef.parse("hey-nova:1.1.0");
  static final String FLEET = "home";
  private static final String TOKEN = "bench";
  private static final int PARTITIONS = 4;

  /** As emqtt-bench's default. */
  private static final int KEEP_ALIVE_SECONDS = 300;

  private static final int GATEWAY_BASE_MIB = 160;

  /** What a gateway keeps for a connection, twice, so that collections are rare. */
  private static final int GATEWAY_KIB_PER_DEVICE = 40;

  private final FleetClock clock = FleetClock.realTime();
  private final Path trust;
  private final AllInOne services;
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private FleetSetup(Path folder) {
    services = AllInOne.start(folder, AllInOne.Ports.ANY, TOKEN, clock);
    trust = LocalTrustFolder.in(folder).path();
    resources.push(services);
  }

  /** Starts everything but the fleet; waits until it is ready. */
  static FleetSetup start(Path folder, int devices, int gateways)
      throws IOException, InterruptedException {
    FleetSetup setup = new FleetSetup(folder);
    try {
      setup.push(OLD);
      setup.push(NEW);
      setup.startGateways(folder, devices, gateways);
      return setup;
    } catch (IOException | RuntimeException | InterruptedException e) {
      setup.close();
      throw e;
    }
  }

  private void startGateways(Path folder, int devices, int count)
      throws IOException, InterruptedException {
    int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
    int heapMib = GATEWAY_BASE_MIB + Math.ceilDiv(devices, count) * GATEWAY_KIB_PER_DEVICE / 1024;
    String kafka = services.endpoints().kafka();
    for (int number = 1; number <= count; number++) {
      GatewayProcess gateway =
          GatewayProcess.start(number, kafka, folder, heapMib, loops, PARTITIONS);
      resources.push(gateway);
      gateways.add(gateway);
    }
    for (GatewayProcess gateway : gateways) {
      gateway.awaitReady();
    }
  }

  /** Starts the fleet, over as many processes as it needs. */
  WorkerFleet fleet(int devices, int connectRate, Duration interval) throws IOException {
    Spread fewest = Spread.fewest(devices);
    // At least one, or this process' memory would be the devices'.
    Spread spread = Spread.of(devices, Math.max(1, fewest.processes()));
    WorkerCommand command =
        new WorkerCommand(
            List.of(
                "--count=" + devices,
                "--connect-rate=" + connectRate,
                "--interval=" + interval.toMillis() + "ms",
                "--keepalive=" + KEEP_ALIVE_SECONDS,
                "--fleet=" + FLEET,
                "--release=" + OLD,
                "--registry=" + services.endpoints().registry(),
                "--trust=" + trust,
                "--gateway="
                    + String.join(",", gateways.stream().map(GatewayProcess::address).toList())),
            clock);
    return WorkerFleet.start(spread.shares(addresses(), List.of()), command::of);
  }

  Endpoints endpoints() {
    return services.endpoints();
  }

  List<GatewayProcess> gateways() {
    return List.copyOf(gateways);
  }

  List<GatewayAddress> addresses() {
    return gateways.stream().map(each -> GatewayAddress.parse(each.address())).toList();
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        throw new IllegalStateException("part of the bench did not close", e);
      }
    }
  }

  private void push(ReleaseRef release) {
    try (RegistryClient registry =
        new RegistryClient(services.endpoints().registry(), services.endpoints().token())) {
      var _ = BundledReleases.publish(registry, release, services.trust(), clock.instant());
    }
  }
}

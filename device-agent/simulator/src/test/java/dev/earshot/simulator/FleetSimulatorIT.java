package dev.earshot.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.simulator.SimulatorConfig.Endpoints;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Truth;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetSimulatorIT {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final TestRelease TWO = TestRelease.of("test:1.1.0", 2, .2, .1);
  private static final int DEVICES = 60;
  private static final double SPEED = 900;

  /** Says a line for every connection; kept here so that the level stays. */
  private static final Logger CLIENT_LOG = Logger.getLogger("io.vertx.mqtt");

  static {
    CLIENT_LOG.setLevel(Level.OFF);
  }

  private static final List<Fault> FAULTS =
      List.of(Fault.of(Fault.Kind.DUPLICATE_HEARTBEAT, .2), Fault.of(Fault.Kind.FLAPPING, 6));

  private long tellAgainNanos = System.nanoTime();

  private static FleetClock clock() {
    return FleetClock.startingAt(
        Instant.parse("2026-01-01T00:00:00Z"), SPEED, InstantSource.system());
  }

  private static SimulatorConfig config(TestServers servers) {
    return config(servers, List.of());
  }

  private static SimulatorConfig config(TestServers servers, List<Fault> faults) {
    return SimulatorConfig.of(
        Scenario.standard(DEVICES, ReleaseRef.parse("test:1.0.0")).withFaults(faults),
        new Endpoints(
            List.of(servers.gatewayAddress()), servers.registryUrl(), TestRelease.ANCHORS));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within 60 s: " + what);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void updateOverRealSockets_withFlappingAndDuplicates_leavesTruthEqualToWhatTheGatewayCounted()
      throws Exception {
    try (TestServers servers = new TestServers(new TestRegistry(ONE, TWO));
        FleetSimulator fleet = FleetSimulator.start(config(servers, FAULTS), clock())) {
      await("all reported", () -> fleet.stats().heartbeatsAcknowledged() > 3 * DEVICES);
      DeviceCommand command = TWO.installCommand("c-1", servers.registryUrl(), 600);
      await(
          "all run 1.1.0",
          () -> {
            if (System.nanoTime() > tellAgainNanos) { // as a rollout does, for those that were away
              tellAgainNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
              servers.tellAll(TWO, command);
            }
            return fleet.stats().byRelease().getOrDefault("test:1.1.0", 0L) == DEVICES
                && fleet.stats().byUpdateState().getOrDefault("committed", 0L) == DEVICES;
          });
      long before = fleet.stats().heartbeatsAcknowledged();
      await(
          "heartbeats of 1.1.0",
          () -> fleet.stats().heartbeatsAcknowledged() > before + 2 * DEVICES);
      await("something to count", () -> fleet.truth().totalHappened().falseAccepts() > 20);
      await("flapping", () -> fleet.stats().connectionsLost() > 0);
      fleet.quiesce(Duration.ofSeconds(60));

      Truth truth = fleet.truth();
      assertEquals(truth.happened(), servers.received());
      assertEquals(truth.happened(), truth.acknowledged());
      assertEquals(
          (double) DEVICES,
          sample(fleet, "earshot_simulator_release_devices", "release", "test:1.1.0"));
    }
  }

  @Test
  void processThatComesBack_findsItsDevicesOnTheirReleaseWithHigherBootIds(@TempDir Path data)
      throws Exception {
    try (TestServers servers = new TestServers(new TestRegistry(ONE, TWO))) {
      SimulatorConfig config = config(servers).withDataDirectory(data);
      try (FleetSimulator fleet = FleetSimulator.start(config, clock())) {
        await("all connected", () -> servers.connected() == DEVICES);
        servers.tellAll(TWO, TWO.installCommand("c-1", servers.registryUrl(), 60));
        await(
            "all committed",
            () -> fleet.stats().byUpdateState().getOrDefault("committed", 0L) == DEVICES);
        long seen = fleet.stats().heartbeatsAcknowledged();
        await("heartbeats", () -> fleet.stats().heartbeatsAcknowledged() > seen + 2 * DEVICES);
      }
      Map<String, Integer> before = servers.highestBoot();
      try (FleetSimulator fleet = FleetSimulator.start(config, clock())) {
        await(
            "all run 1.1.0 again",
            () -> fleet.stats().byRelease().equals(Map.of("test:1.1.0", (long) DEVICES)));
        await(
            "all reported under a higher boot id",
            () ->
                servers.highestBoot().entrySet().stream()
                    .allMatch(boot -> boot.getValue() > before.getOrDefault(boot.getKey(), 0)));
      }
    }
  }

  @Test
  void registryWithoutTheFactoryRelease_isRefusedWithItsName() {
    try (TestServers servers = new TestServers(new TestRegistry())) {
      IOException refused =
          assertThrows(
              IOException.class, () -> FleetSimulator.start(config(servers), clock()).close());
      assertEquals(
          "factory release test:1.0.0: snapshot.json does not list publisher.json",
          refused.getMessage());
    }
  }

  private static Double sample(FleetSimulator fleet, String name, String label, String value) {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(new FleetMetrics(fleet));
    Double found = registry.getSampleValue(name, new String[] {label}, new String[] {value});
    return found == null ? Double.NaN : found;
  }
}

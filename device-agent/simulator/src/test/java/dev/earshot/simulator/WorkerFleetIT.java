package dev.earshot.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.simulator.command.WorkerCommand;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.process.Spread;
import dev.earshot.simulator.process.WorkerFleet;
import dev.earshot.simulator.truth.Counts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes against a gateway and a registry in this one. */
class WorkerFleetIT {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final TestRelease TWO = TestRelease.of("test:1.1.0", 2, .2, .1);
  private static final int DEVICES = 61;
  private static final int PROCESSES = 2;

  @TempDir private Path pinned;

  private WorkerFleet start(TestServers servers, String release) throws IOException {
    TestRelease.ANCHORS.write(pinned);
    FleetClock clock =
        FleetClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"), 600, InstantSource.system());
    return WorkerFleet.start(
        Spread.of(DEVICES, PROCESSES).shares(List.of(servers.gatewayAddress()), List.of()),
        new WorkerCommand(
                List.of(
                    "-c=" + DEVICES,
                    "--trust=" + pinned,
                    "--gateway=127.0.0.1:" + servers.gatewayAddress().port(),
                    "--registry=" + servers.registryUrl(),
                    "--release=" + release,
                    "--disconnects-per-day=3"),
                clock)
            ::of);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within 60 s: " + what);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void whatTwoProcessesKnow_isWhatTheGatewayCounted_andADeathIsReported() throws Exception {
    try (TestServers servers = new TestServers(new TestRegistry(ONE, TWO));
        WorkerFleet fleet = start(servers, "test:1.0.0")) {
      await("all connected", () -> fleet.report().stats().connected() == DEVICES);
      long[] again = {System.nanoTime()};
      DeviceCommand command = TWO.installCommand("c-1", servers.registryUrl(), 600);
      await(
          "all run 1.1.0",
          () -> {
            if (System.nanoTime() > again[0]) { // as a rollout does, for those that were away
              again[0] = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
              servers.tellAll(TWO, command);
            }
            return fleet.report().stats().byUpdateState().getOrDefault("committed", 0L) == DEVICES;
          });
      fleet.quiesce(Duration.ofSeconds(60));

      FleetReport report = fleet.report();
      assertEquals(DEVICES, report.stats().devices());
      assertEquals(servers.received(), report.truth().happened());
      assertEquals(Counts.NONE, report.truth().unacknowledged());
      assertTrue(report.truth().totalHappened().listeningMillis() > 0);
      assertTrue(report.measurements().time(Operation.CONNECT).getTotalCount() >= DEVICES);
      assertTrue(report.measurements().time(Operation.DOWNLOAD).getTotalCount() >= DEVICES);
      assertEquals(PROCESSES + 1, report.use().processes());

      long victim = fleet.processIds().get(1);
      ProcessHandle.of(victim).orElseThrow().destroyForcibly();
      await("its death is noticed", () -> fleet.problem().isPresent());
      String problem = fleet.problem().orElseThrow();
      assertTrue(
          problem.startsWith("worker 1/2 (process " + victim + ") ended with code 137"), problem);
      assertThrows(TimeoutException.class, () -> fleet.quiesce(Duration.ofSeconds(5)));
    }
  }

  @Test
  void workersThatCantStart_areOneReason() {
    try (TestServers servers = new TestServers(new TestRegistry(ONE))) {
      IOException refused =
          assertThrows(IOException.class, () -> start(servers, "test:9.9.9").close());
      assertTrue(
          refused.toString().contains("ended with code 1")
              && refused
                  .toString()
                  .contains(
                      "simulate: factory release test:9.9.9: test/9.9.9/manifest.json is not listed"),
          refused.getMessage());
    }
  }
}

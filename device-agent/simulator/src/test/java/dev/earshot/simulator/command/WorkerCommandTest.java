package dev.earshot.simulator.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.simulator.Shard;
import dev.earshot.simulator.SimulatorConfig.Endpoints;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.process.Spread;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WorkerCommandTest {
  private static final Spread.Share SHARE =
      new Spread.Share(new Shard(1, 4), 1, 500, List.of("127.0.0.4", "127.0.0.5"));

  private static final Endpoints ENDPOINTS =
      new Endpoints(
          List.of(new GatewayAddress("a", 1), new GatewayAddress("b", 2)),
          "http://registry:7081",
          TestRelease.ANCHORS);

  private static List<String> arguments(String... told) {
    CommandLine parent = new CommandLine(new SimulateCommand());
    FleetClock clock = FleetClock.parse("2026-01-01T00:00:00Z@2026-01-02T00:00:00Z*300.0");
    return WorkerCommand.of(parent.parseArgs(told), ENDPOINTS, Path.of("/pinned"), clock)
        .arguments(SHARE);
  }

  @Test
  void workerRunsModels_asFastAsItsParent() {
    CommandLine parent = new CommandLine(new SimulateCommand());
    FleetClock clock = FleetClock.parse("2026-01-01T00:00:00Z@2026-01-02T00:00:00Z*300.0");
    List<String> command =
        WorkerCommand.of(parent.parseArgs("-c=1"), ENDPOINTS, Path.of("/pinned"), clock).of(SHARE);
    assertEquals(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        command.contains("--add-modules=jdk.incubator.vector"));
  }

  @Test
  void worker_isToldWhatItsParentWasTold_andItsShare() {
    List<String> arguments =
        arguments(
            "-c=60000",
            "--system=here",
            "--verify",
            "--report=out.json",
            "--power-cuts=.1",
            "--speed=300",
            "--duration=5m",
            "--metrics-port=9100",
            "--processes=4");
    for (String expected :
        List.of(
            "--devices=60000",
            "--trust=" + Path.of("/pinned").toAbsolutePath(),
            "--registry=http://registry:7081",
            "--gateway=a:1,b:2",
            "--power-cuts=.1",
            "--clock=2026-01-01T00:00:00Z@2026-01-02T00:00:00Z*300.0",
            "--worker=1/4",
            "--event-loops=1",
            "--ifaddr=127.0.0.4,127.0.0.5")) {
      assertTrue(arguments.contains(expected), () -> expected + " in " + arguments);
    }
    for (String mine : List.of("--speed", "--duration", "--metrics-port", "--processes")) {
      assertFalse(arguments.toString().contains(mine), () -> mine + " in " + arguments);
    }
  }

  @Test
  void whatItIsTold_isWhatTheCommandUnderstands() {
    SimulateCommand worker = new SimulateCommand();
    new CommandLine(worker).parseArgs(arguments("--trust=ab", "-c=10").toArray(String[]::new));
    assertEquals(10, worker.fleet.devices);
    assertTrue(worker.scale.isWorker());
    assertEquals(1, worker.scale.eventLoops());
  }
}

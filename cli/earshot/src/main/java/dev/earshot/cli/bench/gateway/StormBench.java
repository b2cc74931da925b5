package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.GatewayProcess;
import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import dev.earshot.cli.bench.ServiceUnderTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All devices lose their connections at once and come back: the gateway is killed and started again
 * at the same address, with the limits that it has when nobody sets any.
 */
final class StormBench {
  private static final int WITHIN_SECONDS = 300;

  private final Rig rig;
  private final int devices;
  private final Consumer<String> progress;

  StormBench(Rig rig, int devices, Consumer<String> progress) {
    this.rig = rig;
    this.devices = devices;
    this.progress = progress;
  }

  Section run() throws IOException, InterruptedException {
    int port = ServiceUnderTest.freePort();
    Map<String, String> settings = Map.of("EARSHOT_MQTT_PORT", Integer.toString(port));
    try (Processes processes = new Processes()) {
      GatewayProcess gateway = processes.add(rig.gateway("storm-before", settings));
      BenchProcess fleet = processes.add(rig.fleet(false));
      fleet.ask("connect " + port + " " + devices);
      FleetCount built = Fleets.await(fleet, FleetCount::settled, WITHIN_SECONDS);
      Fleets.requireAllUp(built);
      progress.accept("storm: %,d devices connected, the gateway is killed".formatted(devices));
      fleet.ask("begin");
      long killedNanos = System.nanoTime();
      gateway.kill();
      GatewayProcess next = processes.add(rig.gateway("storm-after", settings));
      double readySeconds = (System.nanoTime() - killedNanos) / 1e9;
      FleetCount back =
          Fleets.await(fleet, count -> count.lost() >= devices && count.settled(), WITHIN_SECONDS);
      next.kill(); // nothing is lost: its drain would only take time
      return section(built, back, readySeconds);
    }
  }

  private Section section(FleetCount built, FleetCount back, double readySeconds) {
    return new Section(
        "reconnect storm",
        "%,d devices lose a gateway by SIGKILL at once, its usual limits, back-off as the agent's"
            .formatted(devices),
        List.of("first time", "storm"),
        List.of(
            Row.of("gateway ready again after, s", Double.NaN, readySeconds),
            Row.of("all connected after, s", built.seconds(), back.seconds()),
            Row.of("  told to come back later", built.busy(), back.busy()),
            Row.of("  failed tries", built.failed(), back.failed()),
            Row.of("refused for good", built.refused(), back.refused())),
        List.of(Goal.atLeast("devices that are back", (double) back.up() / back.devices(), 1, 0)));
  }
}

package dev.earshot.cli.simulate;

import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.virtual.*;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchTest {
  @Test
  void run() throws Exception {
    for (String release : List.of(System.getenv("REL").split(","))) {
      Scenario s = Scenarios.rollout(Integer.parseInt(System.getenv("DEV")), Duration.ofHours(24), release);
      long t = System.nanoTime();
      VirtualLoop loop = new VirtualLoop(VirtualRun.START);
      BundledSupply supply = new BundledSupply();
      try (ServicesBackend backend = new ServicesBackend(s, loop, supply)) {
        VirtualRun run = new VirtualRun(s, loop, supply.supply(), backend, List.of());
        System.out.println("ready " + (System.nanoTime() - t) / 1e9);
        VirtualOutcome o = run.run();
        System.out.println(o.hash() + " " + o.events() + " " + o.moves() + " " + o.heartbeats() + " " + o.fates() + " "+ o.stats());
        System.out.println("cpu " + java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()/1e9);
        System.out.println(release + " took " + (System.nanoTime() - t) / 1e9);
      }
    }
  }
}

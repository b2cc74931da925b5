package dev.earshot.simulator.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.Shard;
import dev.earshot.simulator.device.GatewayAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final List<GatewayAddress> HERE = List.of(new GatewayAddress("localhost", 1883));
  private static final List<GatewayAddress> AWAY = List.of(new GatewayAddress("gw.test", 1883));

  @Test
  void smallFleet_staysInOneProcess() {
    assertTrue(Spread.fewest(10).isWhole());
  }

  @Test
  void largeFleet_hasNoProcessAboveItsDescriptors() {
    int devices = 100_000;
    Spread spread = Spread.fewest(devices);
    for (Spread.Share share : spread.shares(HERE, List.of())) {
      int count = share.shard().count(devices);
      assertTrue(count + 500 < ProcessUse.mostDescriptors(), "devices: " + count);
      assertTrue(share.heapMib() > 96 && share.heapMib() < 2048, "heap: " + share.heapMib());
    }
  }

  @Test
  void processors_areSharedByTheProcesses() {
    assertEquals(4, new Spread(10, 2, 8).shares(HERE, List.of()).getFirst().eventLoops());
    assertEquals(1, new Spread(10, 5, 2).shares(HERE, List.of()).getFirst().eventLoops());
  }

  @Test
  void gatewaysOnThisMachine_getSourcesOfTheirOwnForEachProcess() {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    Set<String> all = new HashSet<>();
    for (Spread.Share share : new Spread(60_000, 4, 2).shares(HERE, List.of())) {
      assertEquals(2, share.sources().size());
      all.addAll(share.sources());
    }
    assertEquals(8, all.size());
    assertEquals(List.of(), new Spread(60_000, 4, 2).shares(AWAY, List.of()).getFirst().sources());
  }

  @Test
  void sourcesThatWereAskedFor_areDealtOut() {
    List<Spread.Share> shares = new Spread(10, 2, 2).shares(HERE, List.of("a", "b", "c"));
    assertEquals(List.of("a", "c"), shares.getFirst().sources());
    assertEquals(List.of("b"), shares.get(1).sources());
    assertEquals(new Shard(1, 2), shares.get(1).shard());
    List<Spread.Share> few = new Spread(10, 3, 2).shares(HERE, List.of("a", "b"));
    assertEquals(List.of("a"), few.get(2).sources());
  }

  @Test
  void numberOfProcesses_isChecked() {
    assertEquals(
        "processes: 0 (expected: 1 to 100)",
        assertThrows(IllegalArgumentException.class, () -> new Spread(10, 0, 2)).getMessage());
  }
}

package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Stages: what a finished block leaves behind for the next. */
class CountsBlocksTest {
  private static final CountsSettings SETTINGS = new CountsSettings(1.5, 1, 0.4);

  @Test
  void expectedHistory_countsFinishedBlocksAtTheirRatesAndArms() {
    DeviceCounts device = new DeviceCounts(3, 2, 24, 5).finishBlock(0, false).finishBlock(1, true);
    DeviceCounts running =
        new DeviceCounts(
            1,
            1,
            24,
            5,
            List.of(device.finished().get(0), new DeviceCounts.FinishedBlock(1, true, 10, 4)));
    StratumRates rates = new StratumRates(0.25, 0.3, List.of(0.2, 0.5));

    // 0.25 x 24 before any offer, 0.2 x 3 as control, 0.5 x 10 x 1.5 as treated.
    assertEquals(6 + 0.6 + 7.5, running.expectedHistory(rates, 1.5), 1e-12);
    assertEquals(5 + 2 + 4, running.historyCount());
  }

  @Test
  void twoStages_addUpToOneTest() {
    List<Device> stageOne = new ArrayList<>();
    List<Device> stageTwo = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean firstArm = i < 30;
      boolean secondArm = i < 70;
      DeviceCounts first = new DeviceCounts(5 + i % 3, i % 4 + (firstArm ? 1 : 0), 20, i % 7);
      stageOne.add(new Device("d" + i, "car", firstArm, first));
      DeviceCounts folded = first.finishBlock(0, firstArm);
      stageTwo.add(
          new Device(
              "d" + i,
              "car",
              secondArm,
              new DeviceCounts(8, i % 5 + (secondArm ? 1 : 0), 20, i % 7, folded.finished())));
    }

    // By hand: stage one, its rate, stage two on top.
    Map<String, TwoArms> armsOne = CountsGate.arms(stageOne, Map.of(), SETTINGS);
    CountsEvaluation one = CountsGate.evaluate(armsOne, BlockTotals.NONE, SETTINGS);
    double rate = CountsScore.of(armsOne.getOrDefault("car", TwoArms.NONE)).rate();
    Map<String, TwoArms> armsTwo =
        CountsGate.arms(stageTwo, Map.of("car", List.of(rate)), SETTINGS);
    CountsEvaluation alone = CountsGate.evaluate(armsTwo, BlockTotals.NONE, SETTINGS);
    CountsEvaluation both = CountsGate.evaluate(armsTwo, one.totals(), SETTINGS);

    assertEquals(one.pooled().u() + alone.pooled().u(), both.pooled().u(), 1e-12);
    assertEquals(one.pooled().a() + alone.pooled().a(), both.pooled().a(), 1e-12);
    assertEquals(one.pooled().v() + alone.pooled().v(), both.pooled().v(), 1e-12);
    assertEquals(both, CountsGate.evaluate(stageTwo, SETTINGS));
  }

  @Test
  void pooledFloor_isPutOnceForAllStrataOfABlock() {
    // One stratum noisier than its model, one quieter: together above the floor.
    ArmSums loud = new ArmSums(50, 100, 50, 0, 50, 50, 400, 50, 50);
    ArmSums calm = new ArmSums(50, 100, 50, 0, 50, 50, 51, 50, 50);
    CountsScore noisy = CountsScore.of(new TwoArms(loud, loud));
    CountsScore quiet = CountsScore.of(new TwoArms(calm, calm));

    BlockTotals totals =
        BlockTotals.of(Map.of("noisy", new TwoArms(loud, loud), "quiet", new TwoArms(calm, calm)));

    assertEquals(quiet.a(), quiet.v(), "floored by itself");
    assertTrue(totals.pooled().v() < noisy.v() + quiet.v());
    assertTrue(totals.pooled().v() >= totals.pooled().a());
  }

  @Test
  void missingRateOfAFinishedBlock_isNamed() {
    DeviceCounts device = new DeviceCounts(1, 0, 0, 0).finishBlock(0, true);
    StratumRates rates = new StratumRates(0, 0, List.of());

    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> ArmSums.of(List.of(device), true, rates, SETTINGS));

    assertEquals(
        "finishedRates: no rate for block 0 (expected: one for each of the blocks that a device has"
            + " finished)",
        thrown.getMessage());
  }

  @Test
  void blocksOutOfOrder_areRefused() {
    DeviceCounts device = new DeviceCounts(1, 0, 0, 0).finishBlock(2, true);

    var thrown = assertThrows(IllegalArgumentException.class, () -> device.finishBlock(1, true));

    assertEquals("finished: block 1 after block 2 (expected: ascending)", thrown.getMessage());
  }
}

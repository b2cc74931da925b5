package dev.earshot.rollout.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.gate.Device;
import dev.earshot.rollout.gate.DeviceCounts;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.TwoArms;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The study's fast sums against the shipped ones, device by device. */
class FleetSumsTest {
  private static final double ROUNDING = 1e-12;

  private static void assertSame(CountsEvaluation shipped, CountsEvaluation fast) {
    assertSame(shipped.pooled(), fast.pooled());
    assertEquals(shipped.strata().keySet(), fast.strata().keySet());
    shipped.strata().forEach((name, evidence) -> assertSame(evidence, fast.stratum(name)));
    assertEquals(shipped.combinedLogE(), fast.combinedLogE(), 1e-10);
    shipped
        .arms()
        .forEach((name, arms) -> assertSame(arms, fast.arms().getOrDefault(name, TwoArms.NONE)));
  }

  private static void assertSame(Evidence shipped, Evidence fast) {
    assertEquals(shipped.u(), fast.u(), ROUNDING * (1 + shipped.v()));
    assertEquals(shipped.a(), fast.a(), ROUNDING * shipped.a());
    assertEquals(shipped.v(), fast.v(), ROUNDING * shipped.v());
    assertEquals(shipped.guard(), fast.guard());
    assertEquals(shipped.logE(), fast.logE(), 1e-10);
  }

  private static void assertSame(TwoArms shipped, TwoArms fast) {
    assertSame(shipped.treated(), fast.treated());
    assertSame(shipped.control(), fast.control());
  }

  private static void assertSame(ArmSums shipped, ArmSums fast) {
    assertEquals(shipped.devices(), fast.devices());
    assertEquals(shipped.exposureHours(), fast.exposureHours(), ROUNDING * shipped.exposureHours());
    assertEquals(shipped.count(), fast.count());
    assertEquals(shipped.historyCount(), fast.historyCount());
    assertEquals(shipped.w2nM(), fast.w2nM(), ROUNDING * (1 + shipped.w2nM()));
    assertEquals(shipped.w2M2(), fast.w2M2(), ROUNDING * (1 + shipped.w2M2()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.25})
  void everyLook_givesWhatTheShippedSumsGive(double theta0) {
    CountsSettings settings = new CountsSettings(theta0, 1, 0.4);
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(1.5), 9);
    FleetSums sums = new FleetSums(rollout, settings, true);
    for (int minute : new int[] {1, 2, 7, 30, 31, 200, 1445, 2880}) {
      rollout.advanceTo(minute);
      sums.update();
      List<Device> devices = new ArrayList<>();
      for (int i = 0; i < rollout.devices(); i++) {
        devices.add(
            device(
                rollout,
                i,
                new DeviceCounts(
                    rollout.exposureHours(i),
                    rollout.count(i),
                    rollout.priorExposureHours(i),
                    rollout.priorCount(i))));
      }

      assertSame(CountsGate.evaluate(devices, settings), sums.evaluate());
    }
  }

  private static Device device(SimulatedRollout rollout, int i, DeviceCounts counts) {
    String stratum = Scenario.ENVIRONMENTS.get(rollout.environment(i)).name();
    return new Device("test/" + i, stratum, rollout.treated(i), counts);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5})
  void stages_foldLikeTheShippedBlocks(double theta0) {
    CountsSettings settings = new CountsSettings(theta0, 1, 0.4);
    SimulatedRollout rollout = SimulatedRollout.staged(Scenario.ramp(1.3), 12, 2);
    FleetSums sums = new FleetSums(rollout, settings, true);
    DeviceCounts[] counts = new DeviceCounts[rollout.devices()];
    int[] counted = new int[counts.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new DeviceCounts(0, 0, rollout.priorExposureHours(i), rollout.priorCount(i));
    }
    int[] ends = {400, 1000, 2400};
    int before = 0;
    for (int stage = 0; stage < ends.length; stage++) {
      for (int i = 0; i < counts.length * (1 + 3 * stage) / 10; i++) {
        rollout.treat(i);
      }
      sums.startBlock();
      rollout.advanceTo(ends[stage] - 7);
      sums.update();
      rollout.advanceTo(ends[stage]);
      sums.update();
      List<Device> devices = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        counts[i] =
            new DeviceCounts(
                rollout.duty(i) * (ends[stage] - before) / 60,
                rollout.count(i) - counted[i],
                counts[i].priorExposureHours(),
                counts[i].priorCount(),
                counts[i].finished());
        devices.add(device(rollout, i, counts[i]));
        counted[i] = rollout.count(i);
        counts[i] = counts[i].finishBlock(stage, rollout.treated(i));
      }

      assertSame(CountsGate.evaluate(devices, settings), sums.evaluate());
      sums.endBlock();
      before = ends[stage];
    }
  }

  @Test
  void withoutHistory_thereIsOneStratumOfUnknownDevices() {
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(1), 9);
    FleetSums sums = new FleetSums(rollout, CountsSettings.harm(), false);
    rollout.advanceTo(600);
    sums.update();
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < rollout.devices(); i++) {
      devices.add(
          new Device(
              "test/" + i,
              "all",
              rollout.treated(i),
              new DeviceCounts(rollout.exposureHours(i), rollout.count(i), 0, 0)));
    }

    CountsEvaluation shipped = CountsGate.evaluate(devices, CountsSettings.harm());
    assertSame(shipped.pooled(), sums.evaluate().pooled());
    assertTrue(sums.evaluate().pooled().a() > 8);
  }
}

package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FirstEventsTest {
  private static final long HOUR = 3_600_000;
  private static final long INTERVAL = HOUR / 4;
  private static final FirstEventGate GATE = FirstEventGate.counts();

  private record Watched(boolean treated, long from, long until, long event, long tie) {}

  @Test
  void devicesInAnotherOrder_giveTheSameNumbersBitForBit() {
    List<Watched> devices = fleet(new SplittableRandom(1), 1);
    double logE = logE(devices);
    Collections.shuffle(devices, new Random(2));
    assertEquals(logE, logE(devices), 0.0);
  }

  @Test
  void event_isHeldAgainstThoseWhoWereWatchedThen() {
    FirstEvents events = new FirstEvents();
    events.add(1, 0, true, 100, 500, 200, 1);
    events.add(1, 0, false, 100, 500, 0, 2);
    events.add(1, 0, false, 300, 500, 0, 3);
    events.add(1, 0, false, 50, 150, 0, 4);
    FirstEventGate.Sums expected = GATE.event(GATE.none(), new RiskSet(1, 1), true);
    assertEquals(expected, events.sums(GATE), "neither who came later nor who had left");
  }

  @Test
  void devicesOfOtherStrataAndBatches_areNotCompared() {
    FirstEvents events = new FirstEvents();
    events.add(1, 0, true, 100, 500, 200, 1);
    events.add(2, 0, false, 100, 500, 0, 2);
    events.add(1, 1, false, 100, 500, 0, 3);
    assertEquals(0, GATE.logE(events.sums(GATE)), 1e-12);
  }

  /**
   * Treated devices begin a new interval when they swap; control devices are in the midst of one.
   */
  @Test
  void reportsThatComeEarlierFromOneArm_areNoEvidence() {
    SplittableRandom random = new SplittableRandom(3);
    int runs = 300;
    double sum = 0;
    int alarms = 0;
    for (int run = 0; run < runs; run++) {
      double e = Math.exp(logE(fleet(random, 1)));
      sum += e;
      alarms += e >= 20 ? 1 : 0;
    }
    assertTrue(sum / runs < 1.5, "mean e under no effect: " + sum / runs);
    assertTrue(alarms <= runs / 20, alarms + " alarms at 5 %");
  }

  @Test
  void moreEventsOfTreatedDevices_areSeen() {
    assertTrue(logE(fleet(new SplittableRandom(4), 2)) > 5);
  }

  /** 100 v 100 devices with five events an hour, which report what lies some intervals back. */
  private static List<Watched> fleet(SplittableRandom random, double ratio) {
    List<Watched> devices = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean treated = i < 100;
      long entered = HOUR + random.nextLong(INTERVAL / 5);
      long from = entered + (treated ? 60_000 : random.nextLong(INTERVAL));
      long until = from + INTERVAL * (1 + random.nextInt(2));
      double perMillis = 5.0 / HOUR * (treated ? ratio : 1);
      long event = from + Math.round(-Math.log(1 - random.nextDouble()) / perMillis);
      devices.add(new Watched(treated, from, until, event <= until ? event : 0, random.nextLong()));
    }
    return devices;
  }

  private static double logE(List<Watched> devices) {
    FirstEvents events = new FirstEvents();
    devices.forEach(
        device ->
            events.add(1, 1, device.treated, device.from, device.until, device.event, device.tie));
    return GATE.logE(events.sums(GATE));
  }
}

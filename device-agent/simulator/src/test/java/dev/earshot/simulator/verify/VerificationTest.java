package dev.earshot.simulator.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final Truth.Key CAR = new Truth.Key("test:1.0.0", Environment.CAR);
  private static final HeartbeatFates ALL = new HeartbeatFates(4, 4, 0, 0, 0);
  private static final HeartbeatFates ONE_DESTROYED = new HeartbeatFates(4, 3, 0, 0, 0);

  private static Counts wakes(long wakes) {
    return new Counts(1000, wakes, 0, 0, 0, 0);
  }

  private static Counted counted(String by, long wakes, long intervals) {
    return new Counted(by, Map.of(CAR, wakes(wakes)), intervals);
  }

  private static Truth truth(long happened, long acknowledged) {
    return new Truth(Map.of(CAR, wakes(happened)), Map.of(CAR, wakes(acknowledged)));
  }

  @Test
  void everybodyCountsTheSame_holds() {
    Verification same =
        Verification.of(
            truth(5, 5),
            ALL,
            List.of(counted("in kafka", 5, 4), counted("monitoring", 5, 4)),
            List.of());
    assertTrue(same.holds(), same.toString());
    assertTrue(same.isExact());
  }

  @Test
  void oneWakeTooMany_isFoundInTheSumAndWhereItWas() {
    Verification different =
        Verification.of(
            truth(5, 5),
            ALL,
            List.of(counted("in kafka", 5, 4), counted("monitoring", 6, 4)),
            List.of());
    assertFalse(different.holds());
    assertEquals(
        List.of("wakes all", "wakes car"),
        different.differences().stream()
            .map(line -> line.figure() + " " + line.environment())
            .toList());
    assertEquals(
        "monitoring 6 (expected: 5, what is in kafka)",
        different.differences().getFirst().problem());
  }

  @Test
  void nothingDestroyed_demandsEqualityOfWhatHappened() {
    Verification lost =
        Verification.of(truth(5, 5), ALL, List.of(counted("in kafka", 4, 4)), List.of());
    assertEquals(
        "in kafka 4 (expected: 5, what happened)", lost.differences().getFirst().problem());
  }

  @Test
  void heartbeatDestroyedOnADevice_leavesBounds() {
    List<Counted> inside = List.of(counted("in kafka", 4, 3));
    Verification within = Verification.of(truth(5, 4), ONE_DESTROYED, inside, List.of());
    assertTrue(within.holds(), within.toString());
    assertFalse(within.isExact());
    assertTrue(within.rule().startsWith("acknowledged <= in kafka <= happened"), within.rule());

    List<Counted> outside = List.of(counted("in kafka", 3, 3));
    Verification below = Verification.of(truth(5, 4), ONE_DESTROYED, outside, List.of());
    assertEquals(
        "in kafka 3 (expected: 4, what was acknowledged, to 5, what happened)",
        below.differences().getFirst().problem());
  }

  @Test
  void remark_isADifference() {
    Verification remarked =
        Verification.of(truth(5, 5), ALL, List.of(counted("in kafka", 5, 4)), List.of("evidence"));
    assertFalse(remarked.holds());
  }
}

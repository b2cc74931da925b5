package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.protocol.v1.Heartbeat;
import org.junit.jupiter.api.Test;

class NearMissesTest {
  private final NearMisses misses = new NearMisses();

  private Heartbeat drain(long nowMillis) {
    Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
    misses.drain(nowMillis, heartbeat);
    return heartbeat.build();
  }

  @Test
  void missThatAWakeFollows_isSuspected() {
    misses.missed(40, 1000);
    misses.missed(47, 3000);
    misses.wake(5000);
    Heartbeat heartbeat = drain(6000);
    assertEquals(2, heartbeat.getSuspectedFalseRejects());
    assertEquals(32, heartbeat.getSuspectedFalseRejectScoresCount());
    assertEquals(2, heartbeat.getSuspectedFalseRejectScores(21), "scores 40 to 47");
    assertEquals(0, heartbeat.getNearMissScoresCount());
  }

  @Test
  void missThatNobodyRepeats_isANearMiss() {
    misses.missed(40, 1000);
    misses.wake(1000 + NearMisses.RETRY_MILLIS + 1);
    Heartbeat heartbeat = drain(8000);
    assertEquals(0, heartbeat.getSuspectedFalseRejects());
    assertEquals(0, heartbeat.getSuspectedFalseRejectScoresCount());
    assertEquals(1, heartbeat.getNearMissScores(21));
  }

  @Test
  void missThatMayStillBeRepeated_waitsForTheNextInterval() {
    misses.missed(40, 1000);
    assertEquals(Heartbeat.getDefaultInstance(), drain(2000));
    misses.wake(2500);
    assertEquals(1, drain(3000).getSuspectedFalseRejects());
    assertEquals(Heartbeat.getDefaultInstance(), drain(20_000), "counted once");
  }
}

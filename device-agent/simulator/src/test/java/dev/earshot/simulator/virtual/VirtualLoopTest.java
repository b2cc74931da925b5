package dev.earshot.simulator.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Timers.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualLoopTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualLoop loop = new VirtualLoop(START);
  private final List<String> ran = new ArrayList<>();

  @Test
  void tasksOfOneMillisecond_runInTheOrderInWhichTheyWereGiven() {
    var _ = loop.afterFleet(Duration.ofMillis(5), () -> ran.add("later"));
    loop.execute(() -> ran.add("first"));
    loop.execute(
        () -> {
          ran.add("second");
          loop.execute(() -> ran.add("fourth"));
        });
    loop.execute(() -> ran.add("third"));
    loop.run(Duration.ofMillis(4));
    assertEquals(List.of("first", "second", "third", "fourth"), ran);
    assertEquals(START.plusMillis(4), loop.instant());
    loop.run(Duration.ofMillis(1));
    assertEquals("later", ran.getLast());
    assertEquals(5, loop.ran());
  }

  @Test
  void cancelledTask_doesNotRun_andCancellingTwiceOrLateChangesNothing() {
    Timer one = loop.afterFleet(Duration.ofMillis(1), () -> ran.add("one"));
    Timer two = loop.afterFleet(Duration.ofMillis(1), () -> ran.add("two"));
    one.cancel();
    one.cancel();
    loop.run(Duration.ofMillis(1));
    two.cancel();
    loop.run(Duration.ofMillis(1));
    assertEquals(List.of("two"), ran);
  }

  @Test
  void manyCancelledTimers_areSweptOut() {
    for (int i = 0; i < 100_000; i++) {
      loop.afterFleet(Duration.ofDays(1), () -> ran.add("never")).cancel();
      assertTrue(loop.size() < 5_000, "tasks that wait: " + loop.size());
    }
    var _ = loop.afterFleet(Duration.ofDays(2), () -> ran.add("last"));
    loop.run(Duration.ofDays(2));
    assertEquals(List.of("last"), ran);
    assertEquals(0, loop.size());
  }
}

package dev.earshot.cli.bench.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IntendedTimesTest {
  @Test
  void whateverItsSize_isFirstInFirstOut() {
    IntendedTimes times = new IntendedTimes();
    Deque<Long> expected = new ArrayDeque<>();
    SplittableRandom random = new SplittableRandom(7);
    for (int step = 0; step < 10_000; step++) {
      if (expected.isEmpty() || random.nextInt(100) < 52) {
        times.add(step);
        expected.add((long) step);
      } else {
        assertEquals(expected.remove(), times.remove());
      }
    }
    while (!expected.isEmpty()) {
      assertEquals(expected.remove(), times.remove());
    }
    assertThrows(IllegalStateException.class, times::remove);
  }
}

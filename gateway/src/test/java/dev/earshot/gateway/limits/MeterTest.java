package dev.earshot.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MeterTest {
  private static final long DAY = Duration.ofDays(1).toNanos();

  @Provide
  Arbitrary<Rate> rates() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 1_000_000), Arbitraries.integers().between(1, 50))
        .as((count, burst) -> Rate.of(count, Duration.ofSeconds(1), burst));
  }

  /** Gaps of some intervals or less, so that rates are both met and exceeded; now and then long. */
  private static long gap(Rate rate, long any) {
    return any % 17 == 0 ? any % DAY : any % (3 * rate.intervalNanos());
  }

  private static long burst(Rate rate) {
    return rate.toleranceNanos() / rate.intervalNanos() + 1;
  }

  private static void assertWithin(Rate rate, List<Long> times) {
    for (int first = 0; first < times.size(); first++) {
      for (int last = first; last < times.size(); last++) {
        long most = burst(rate) + (times.get(last) - times.get(first)) / rate.intervalNanos();
        assertTrue(
            last - first + 1 <= most,
            (last - first + 1) + " between " + times.get(first) + " and " + times.get(last));
      }
    }
  }

  @Property
  void whatConforms_isAtMostTheBurstAndTheRate_inAnyWindow(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @Size(max = 150) List<@LongRange(min = 0) Long> gaps) {
    Meter meter = new Meter(start);
    List<Long> times = new ArrayList<>();
    long now = start;
    for (long any : gaps) {
      now += gap(rate, any);
      if (meter.reserve(rate, 0, now) == 0) {
        times.add(now - start);
      }
    }
    assertWithin(rate, times);
  }

  @Property
  void reservedPlaces_keepToTheRate_andComeInOrder(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long longest,
      @ForAll @Size(max = 150) List<@LongRange(min = 0) Long> gaps) {
    Meter meter = new Meter(start);
    List<Long> times = new ArrayList<>();
    long now = start;
    for (long any : gaps) {
      now += gap(rate, any);
      long wait = meter.reserve(rate, longest, now);
      assertTrue(wait >= -1 && wait <= longest, () -> "waits " + wait);
      if (wait >= 0) {
        times.add(now - start + wait);
      }
    }
    assertEquals(times.stream().sorted().toList(), times);
    assertWithin(rate, times);
  }

  @Property
  void whoWaitsAsTold_keepsToTheRate(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @Size(max = 150) List<@LongRange(min = 0) Long> pauses) {
    Meter meter = new Meter(start);
    List<Long> times = new ArrayList<>();
    long now = start;
    for (long any : pauses) {
      times.add(now - start);
      now += meter.take(rate, now) + (any % 3 == 0 ? any % rate.intervalNanos() : 0);
    }
    assertWithin(rate, times);
  }

  @Property
  void whatComesAtTheRate_neverWaits(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @Size(max = 100) List<@LongRange(min = 0, max = 1_000_000_000) Long> late) {
    Meter asked = new Meter(start);
    Meter told = new Meter(start);
    long now = start;
    for (long later : late) {
      now += rate.intervalNanos() + later;
      assertEquals(0, asked.reserve(rate, 0, now));
      long wait = told.take(rate, now);
      assertTrue(wait <= (burst(rate) == 1 ? rate.intervalNanos() : 0), () -> "waits " + wait);
    }
  }

  @Property
  void waitsShrinkWithTime_andGrowWithEvents(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @Size(min = 1, max = 100) List<@LongRange(min = 0) Long> gaps) {
    Meter meter = new Meter(start);
    long now = start;
    for (long any : gaps) {
      long before = meter.untilConforming(rate, now);
      long passed = gap(rate, any);
      now += passed;
      long later = meter.untilConforming(rate, now);
      assertEquals(Math.max(0, before - passed), later);
      assertTrue(meter.take(rate, now) >= later);
    }
  }

  @Property
  void afterAnyQuietTime_exactlyTheBurstConforms(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @LongRange(min = 0, max = 100 * 365) long days) {
    Meter meter = new Meter(start);
    for (int i = 0; i < 100; i++) {
      meter.reserve(rate, 0, start);
    }
    long now = start + 51 * rate.intervalNanos() + days * DAY;
    assertTrue(meter.isIdle(now));
    for (long i = 0; i < burst(rate); i++) {
      assertEquals(0, meter.reserve(rate, 0, now));
    }
    assertEquals(-1, meter.reserve(rate, 0, now));
    assertEquals(-1, meter.reserve(rate, rate.intervalNanos() - 1, now));
    assertEquals(rate.intervalNanos(), meter.reserve(rate, rate.intervalNanos(), now));
  }

  @Property
  void afterAChange_theNewRateHolds(
      @ForAll("rates") Rate before,
      @ForAll("rates") Rate after,
      @ForAll long start,
      @ForAll @Size(max = 100) List<@LongRange(min = 0) Long> gaps) {
    Meter meter = new Meter(start);
    List<Long> times = new ArrayList<>();
    long now = start;
    for (int i = 0; i < gaps.size(); i++) {
      Rate rate = i < gaps.size() / 2 ? before : after;
      now += gap(rate, gaps.get(i));
      if (meter.reserve(rate, 0, now) == 0 && i >= gaps.size() / 2) {
        times.add(now - start);
      }
    }
    assertWithin(after, times);
  }

  @Property
  void byOneThread_itCountsAsByMany(
      @ForAll("rates") Rate rate,
      @ForAll long start,
      @ForAll @Size(max = 100) List<@LongRange(min = 0) Long> gaps) {
    Meter shared = new Meter(start);
    Meter alone = new Meter(start);
    long now = start;
    for (long any : gaps) {
      now += gap(rate, any);
      assertEquals(
          shared.take(rate, now),
          alone.takeAlone(rate.intervalNanos(), rate.toleranceNanos(), now));
    }
  }

  @Test
  void whatIsRefused_countsNothing() {
    Rate rate = Rate.perSecond(10, 1);
    Meter meter = new Meter(0);
    assertEquals(0, meter.reserve(rate, 0, 0));
    for (int i = 0; i < 1_000; i++) {
      assertEquals(-1, meter.reserve(rate, 0, 0));
    }
    assertEquals(100_000_000, meter.untilConforming(rate, 0));
  }

  @Test
  void forgiving_leavesABurstOwed() {
    Rate rate = Rate.perSecond(10, 5);
    Meter meter = new Meter(0);
    for (int i = 0; i < 50; i++) {
      meter.takeAlone(rate.intervalNanos(), rate.toleranceNanos(), 0);
    }
    meter.forgive(rate.toleranceNanos(), 0);
    assertEquals(0, meter.untilConforming(rate, 0));
    assertEquals(100_000_000, meter.take(rate, 0));
    meter.forgive(DAY, 0);
    assertEquals(100_000_000, meter.untilConforming(rate, 0));
  }

  @Test
  void severalThreadsAtOnce_shareOneBurst() throws Exception {
    Rate rate = Rate.perSecond(1, 1_000);
    Meter meter = new Meter(0);
    CountDownLatch together = new CountDownLatch(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> conformed = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        conformed.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  int mine = 0;
                  for (int j = 0; j < 1_000; j++) {
                    mine += meter.reserve(rate, 0, 0) == 0 ? 1 : 0;
                  }
                  return mine;
                }));
      }
      int all = 0;
      for (Future<Integer> one : conformed) {
        all += one.get();
      }
      assertEquals(1_000, all);
    }
  }

  @Test
  void notLimited_meansNoWait() {
    Meter meter = new Meter(0);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(0, meter.take(Rate.UNLIMITED, 0));
      assertEquals(0, meter.reserve(Rate.UNLIMITED, 0, 0));
    }
    assertEquals(0, meter.untilConforming(Rate.UNLIMITED, 0));
  }

  @Test
  void rateThatIsNone_isNamed() {
    assertEquals(
        "count, burst: 0, 1 (expected: at least 1)",
        assertThrows(IllegalArgumentException.class, () -> Rate.of(0, Duration.ofSeconds(1), 1))
            .getMessage());
    assertEquals(
        "intervalNanos: -1 (expected: 0 to 31536000000000000)",
        assertThrows(IllegalArgumentException.class, () -> new Rate(-1, 0)).getMessage());
  }
}

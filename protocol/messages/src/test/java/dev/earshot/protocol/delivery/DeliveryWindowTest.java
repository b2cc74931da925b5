package dev.earshot.protocol.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.delivery.DeliveryWindow.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {
  private record Interval(int boot, int sequence) {}

  /**
   * Duplicates and reordering within the window never change what is counted: each interval, once.
   */
  @Property(tries = 300)
  void anyDeliveryWithinTheWindow_countsEachIntervalOnce(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int perBoot,
      @ForAll @IntRange(min = 1, max = 4) int boots) {
    Random random = new Random(seed);
    List<Interval> delivered = new ArrayList<>();
    for (int boot = 1; boot <= boots; boot++) {
      List<Interval> ofBoot = new ArrayList<>();
      for (int sequence = 0; sequence < perBoot; sequence++) {
        ofBoot.add(new Interval(boot, sequence));
      }
      // Neighbourhoods of 16 are shuffled and some intervals delivered again a little later.
      for (int from = 0; from < ofBoot.size(); from += 16) {
        List<Interval> near = ofBoot.subList(from, Math.min(from + 16, ofBoot.size()));
        Collections.shuffle(near, random);
        delivered.addAll(near);
        near.stream().filter(interval -> random.nextBoolean()).forEach(delivered::add);
      }
    }

    Map<Interval, Integer> counted = new HashMap<>();
    DeliveryWindow window = DeliveryWindow.EMPTY;
    for (Interval interval : delivered) {
      DeliveryWindow.Outcome outcome = window.offer(interval.boot(), interval.sequence());
      if (outcome.verdict() == Verdict.FIRST) {
        counted.merge(interval, 1, Integer::sum);
      }
      window = outcome.window();
    }

    assertEquals(boots * perBoot, counted.size());
    assertTrue(counted.values().stream().allMatch(times -> times == 1));
  }

  /** Whatever arrives, nothing is counted twice. */
  @Property(tries = 300)
  void anythingAtAll_isNeverCountedTwice(@ForAll long seed) {
    Random random = new Random(seed);
    Set<Interval> counted = new HashSet<>();
    DeliveryWindow window = DeliveryWindow.EMPTY;
    for (int i = 0; i < 500; i++) {
      Interval interval = new Interval(random.nextInt(6), random.nextInt(200));
      DeliveryWindow.Outcome outcome = window.offer(interval.boot(), interval.sequence());
      if (outcome.verdict() == Verdict.FIRST) {
        assertTrue(counted.add(interval), () -> "counted twice: " + interval);
      }
      window = outcome.window();
    }
  }

  @Test
  void lateIntervalOfThePreviousBoot_isCounted() {
    DeliveryWindow window = DeliveryWindow.EMPTY.offer(1, 0).window().offer(2, 0).window();
    DeliveryWindow.Outcome late = window.offer(1, 1);
    assertEquals(Verdict.FIRST, late.verdict());
    assertEquals(Verdict.DUPLICATE, late.window().offer(1, 1).verdict());
  }

  @Test
  void intervalFarBehind_isTooOldToTell() {
    DeliveryWindow window = DeliveryWindow.EMPTY.offer(1, 1000).window();
    assertEquals(Verdict.FIRST, window.offer(1, 1000 - DeliveryWindow.WIDTH + 1).verdict());
    assertEquals(Verdict.TOO_OLD, window.offer(1, 1000 - DeliveryWindow.WIDTH).verdict());
  }

  @Test
  void intervalOfABootThatWasLeftTwoBootsAgo_isTooOldToTell() {
    DeliveryWindow window =
        DeliveryWindow.EMPTY.offer(1, 5).window().offer(2, 0).window().offer(3, 0).window();
    assertEquals(Verdict.TOO_OLD, window.offer(1, 6).verdict());
  }

  @Test
  void sequencesAndBoots_areUnsigned() {
    DeliveryWindow window = DeliveryWindow.EMPTY.offer(-2, -1).window();
    assertEquals(Verdict.DUPLICATE, window.offer(-2, -1).verdict());
    assertEquals(Verdict.FIRST, window.offer(-1, 0).verdict());
  }
}

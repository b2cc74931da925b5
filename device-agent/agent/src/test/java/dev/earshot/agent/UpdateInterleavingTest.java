package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random lives of the real agent in the manner of a model checker: commands, repetitions, cancels,
 * reverts by order and by hand, lost connections and acknowledgements, downloads that break, flash
 * that fills up or refuses, slots that rot, clocks that jump, batteries that run low, models that
 * misbehave, and power cuts before, in and after any change of the flash, with the loss of what was
 * not synced and even of the newest record. {@link InterleavedLife} says what must hold after each
 * step and in the end. The number of lives is {@code -Dearshot.interleavings=N}; a failure names
 * its seed and the fewest steps that still fail.
 */
class UpdateInterleavingTest {
  private static final int LIVES = Integer.getInteger("earshot.interleavings", 20_000);
  private static final long FIRST = Long.getLong("earshot.interleavings.first", 0);
  private static final int ENOUGH_TO_COUNT = 1000;

  @Test
  void anyInterleaving_keepsADeviceWholeAndItsServerRight() {
    AtomicInteger boots = new AtomicInteger();
    AtomicInteger committed = new AtomicInteger();
    Optional<String> failure =
        IntStream.range(0, LIVES)
            .parallel()
            .mapToObj(
                life -> {
                  List<InterleavedLife.Act> acts = acts(FIRST + life);
                  InterleavedLife lived = new InterleavedLife(FIRST + life);
                  Optional<Throwable> wrong = lived.live(acts);
                  boots.addAndGet(lived.boots());
                  committed.addAndGet(lived.commits());
                  return wrong.map(why -> report(FIRST + life, acts, why));
                })
            .flatMap(Optional::stream)
            .findAny();
    if (failure.isPresent()) {
      throw new AssertionError(failure.get());
    }
    if (LIVES >= ENOUGH_TO_COUNT) { // one seed that is looked at may lack either
      assertTrue(boots.get() > LIVES, "most lives restart: " + boots);
      assertTrue(committed.get() > LIVES / 4, "many updates succeed: " + committed);
    }
  }

  @Test
  void sameSeed_livesTheSameLife() {
    assertEquals(acts(17), acts(17));
    assertNotEquals(acts(17), acts(18));
    InterleavedLife one = new InterleavedLife(17);
    InterleavedLife other = new InterleavedLife(17);
    assertEquals(Optional.empty(), one.live(acts(17)));
    assertEquals(Optional.empty(), other.live(acts(17)));
    assertEquals(one.boots(), other.boots());
  }

  private static List<InterleavedLife.Act> acts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    InterleavedLife.Kind[] kinds = InterleavedLife.Kind.values();
    return IntStream.range(0, random.nextInt(3, 17))
        .mapToObj(
            at ->
                new InterleavedLife.Act(
                    kinds[random.nextInt(kinds.length)], random.nextInt(1 << 20)))
        .toList();
  }

  private static String report(long seed, List<InterleavedLife.Act> acts, Throwable why) {
    List<InterleavedLife.Act> fewest = new ArrayList<>(acts);
    Throwable last = why;
    for (boolean shorter = true; shorter; ) {
      shorter = false;
      for (int i = 0; i < fewest.size(); i++) {
        List<InterleavedLife.Act> without = new ArrayList<>(fewest);
        without.remove(i);
        Optional<Throwable> still = new InterleavedLife(seed).live(without);
        if (still.isPresent()) {
          fewest = without;
          last = still.get();
          shorter = true;
          break;
        }
      }
    }
    StringBuilder text = new StringBuilder("seed " + seed + ", fewest steps: " + fewest);
    text.append('\n').append(last);
    for (StackTraceElement element : last.getStackTrace()) {
      if (element.getClassName().startsWith("dev.earshot")) {
        text.append("\n  at ").append(element);
      }
    }
    return text.toString();
  }
}

package dev.earshot.registry.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.gc.Interleaver;
import dev.earshot.registry.storage.MemoryObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sweepers against those who store or claim, in every order of their single steps. */
@Timeout(60)
class SweepMarksTest {
  private static final byte[] CONTENT = {1, 2, 3};
  private static final Digest DIGEST = Digest.of(CONTENT);
  private static final String KEY = BlobStore.key(DIGEST);

  /** Longer than any of the writers takes without waiting. */
  private static final int DEPTH = 14;

  @FunctionalInterface
  private interface Writer {
    /** Whether it was told that the blob is there to stay. */
    boolean write(MemoryObjectStore objects, SweepMarks marks) throws IOException;
  }

  @Test
  void storedBlob_isThereAfterwards() {
    int orders =
        inEveryOrder(
            (objects, marks) -> {
              do {
                objects.put(KEY, CONTENT);
              } while (marks.settled(DIGEST, KEY).isEmpty());
              return true;
            });
    assertTrue(orders > 100, orders + " orders");
  }

  @Test
  void claimedBlob_isThereAfterwardsOrTheClaimFails() {
    int orders =
        inEveryOrder(
            (objects, marks) -> objects.touch(KEY) && marks.settled(DIGEST, KEY).isPresent());
    assertTrue(orders > 100, orders + " orders");
  }

  @Test
  void twoSweepers_doNotHideEachOther() {
    // All orders of three would take minutes.
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      List<Integer> choices = Stream.generate(() -> random.nextInt(6)).limit(DEPTH).toList();
      var _ =
          once(
              new ArrayList<>(choices),
              2,
              (objects, marks) -> objects.touch(KEY) && marks.settled(DIGEST, KEY).isPresent());
    }
  }

  /** Tries all, and returns how many there are. */
  private static int inEveryOrder(Writer writer) {
    int orders = 0;
    List<Integer> choices = new ArrayList<>();
    List<Integer> widths;
    do {
      widths = once(choices, 1, writer);
      orders++;
    } while (next(choices, widths));
    return orders;
  }

  /** Runs one order, which adds to the choices, and returns among how many each was. */
  private static List<Integer> once(List<Integer> choices, int sweepers, Writer writer) {
    List<Integer> widths = new ArrayList<>();
    int[] turn = {0};
    Interleaver interleaver =
        new Interleaver(
            width -> {
              int at = widths.size();
              if (at == DEPTH) {
                // Somebody waits: by turns, until all are done.
                return turn[0]++ % width;
              }
              widths.add(width);
              if (at == choices.size()) {
                choices.add(0);
              }
              return choices.get(at) % width;
            });
    MemoryObjectStore objects = new MemoryObjectStore(interleaver::step);
    SweepMarks marks = new SweepMarks(objects, Duration.ZERO);
    objects.put(KEY, CONTENT);
    objects.pass(Duration.ofDays(2));
    Instant oldest = objects.now().minus(Duration.ofDays(1));
    boolean[] told = {false};
    List<Callable<?>> tasks = new ArrayList<>();
    tasks.add(() -> told[0] = writer.write(objects, marks));
    for (int i = 0; i < sweepers; i++) {
      tasks.add(() -> marks.delete(DIGEST, KEY, oldest));
    }
    interleaver.run(tasks);
    if (told[0]) {
      assertTrue(objects.stat(KEY).isPresent(), () -> "lost after " + choices);
    }
    objects.list("sweeps/", mark -> assertEquals("", mark.key()));
    return widths;
  }

  /** One choice further, those behind it from the beginning; false after the last order. */
  private static boolean next(List<Integer> choices, List<Integer> widths) {
    while (!choices.isEmpty()) {
      int at = choices.size() - 1;
      int choice = choices.removeLast() + 1;
      if (choice < widths.get(at)) {
        choices.add(choice);
        return true;
      }
    }
    return false;
  }

  @Test
  void markOfADeadSweeper_holdsNobodyUpForLong() throws IOException {
    MemoryObjectStore objects = new MemoryObjectStore();
    SweepMarks marks = new SweepMarks(objects, Duration.ZERO);
    objects.put("sweeps/" + DIGEST.hex() + "/dead", new byte[0]);
    objects.pass(SweepMarks.LIFE.plusSeconds(1));
    objects.put(KEY, CONTENT);
    assertTrue(marks.settled(DIGEST, KEY).isPresent());
    marks.removeAbandoned();
    objects.list("sweeps/", mark -> assertEquals("", mark.key()));
  }

  @Test
  void newBlob_isNotSwept() throws IOException {
    MemoryObjectStore objects = new MemoryObjectStore();
    objects.put(KEY, CONTENT);
    assertFalse(new SweepMarks(objects, Duration.ZERO).delete(DIGEST, KEY, objects.now()));
    assertTrue(objects.stat(KEY).isPresent());
    objects.pass(Duration.ofSeconds(1));
    assertTrue(new SweepMarks(objects, Duration.ZERO).delete(DIGEST, KEY, objects.now()));
    assertTrue(objects.stat(KEY).isEmpty());
  }
}

package dev.earshot.agent.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Outbox.Entry;
import dev.earshot.agent.port.Outbox.Held;
import dev.earshot.agent.port.Outbox.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingOutboxTest {
  private static final int CAPACITY = 4;

  @TempDir private Path directory;

  private static Entry entry(long index) {
    return new Entry(index, ("heartbeat " + index).getBytes(StandardCharsets.UTF_8));
  }

  private static List<Long> indexes(Held held) {
    return held.waiting().stream().map(Entry::index).toList();
  }

  private static void append(RingOutbox outbox, long index, Line with) throws IOException {
    outbox.append(entry(index), with, with);
  }

  private Path file() {
    return directory.resolve("outbox");
  }

  private RingOutbox open(int capacity) throws IOException {
    return RingOutbox.open(file(), capacity);
  }

  @Test
  void newRing_isEmptyAndAsLongAsItWillEverBe() throws IOException {
    try (RingOutbox outbox = open(CAPACITY)) {
      assertEquals(new Held(Line.START, List.of()), outbox.restore());
      assertEquals((2 + CAPACITY + 1) * 4096, Files.size(file()));
      assertTrue(Files.notExists(directory.resolve("outbox.new")));
    }
  }

  @Test
  void appended_isThereAfterARestartInOrderAndAcknowledgedIsNot() throws IOException {
    try (RingOutbox outbox = open(CAPACITY)) {
      for (int i = 0; i < 11; i++) {
        append(outbox, i, new Line(Math.max(0, i + 1 - CAPACITY), i + 1, 0));
      }
      outbox.advance(new Line(9, 11, 3));
    }
    try (RingOutbox outbox = open(CAPACITY)) {
      Held held = outbox.restore();
      assertEquals(new Line(9, 11, 3), held.line());
      assertEquals(List.of(9L, 10L), indexes(held));
      assertArrayEquals(entry(10).bytes(), held.waiting().getLast().bytes());
    }
  }

  @Test
  void writeTornAtAnyByte_leavesWhatWasKeptBefore() throws IOException {
    try (RingOutbox outbox = open(CAPACITY)) {
      for (int i = 0; i < 7; i++) {
        append(outbox, i, new Line(Math.max(0, i + 1 - CAPACITY), i + 1, 0));
      }
    }
    byte[] before = Files.readAllBytes(file());
    byte[] after = new Page(99, new Line(4, 8, 0), 7, entry(7).bytes()).encode();
    int at = (2 + 7 % (CAPACITY + 1)) * 4096;
    for (int torn = 0; torn <= after.length; torn += torn < 80 ? 1 : 61) {
      byte[] disk = before.clone();
      System.arraycopy(after, 0, disk, at, torn);
      Files.write(file(), disk);
      try (RingOutbox outbox = open(CAPACITY)) {
        assertEquals(List.of(3L, 4L, 5L, 6L), indexes(outbox.restore()), torn + " bytes written");
      }
    }
    byte[] disk = before.clone();
    System.arraycopy(after, 0, disk, at, after.length);
    Files.write(file(), disk);
    try (RingOutbox outbox = open(CAPACITY)) {
      assertEquals(List.of(4L, 5L, 6L, 7L), indexes(outbox.restore()));
    }
  }

  @Test
  void pageThatRots_losesItsOwnHeartbeatAndIsMissedInTheLine() throws IOException {
    TornMedium medium = new TornMedium(CAPACITY, new SplittableRandom(1));
    RingOutbox outbox = medium.open();
    for (int i = 0; i < 4; i++) {
      append(outbox, i, new Line(0, i + 1, 0));
    }
    medium.rot(2 + 1);
    Held held = medium.open().restore();
    assertEquals(new Line(0, 4, 0), held.line());
    assertEquals(List.of(0L, 2L, 3L), indexes(held));
  }

  @Test
  void bothLinePagesRotten_makeWhatWasAcknowledgedWaitAgainAndNothingElse() throws IOException {
    TornMedium medium = new TornMedium(CAPACITY, new SplittableRandom(1));
    RingOutbox outbox = medium.open();
    for (int i = 0; i < 3; i++) {
      append(outbox, i, new Line(0, i + 1, 0));
    }
    outbox.advance(new Line(1, 3, 0));
    outbox.advance(new Line(2, 3, 0));
    append(outbox, 3, new Line(2, 4, 0));
    outbox.advance(new Line(3, 4, 0));
    medium.open();
    medium.rot(0);
    medium.rot(1);
    assertEquals(List.of(2L, 3L), indexes(medium.open().restore()));
  }

  @Test
  void everyAppendWritesOnePageAndEveryAdvanceOne() throws IOException {
    TornMedium medium = new TornMedium(CAPACITY, new SplittableRandom(1));
    RingOutbox outbox = medium.open();
    for (int i = 0; i < 100; i++) {
      append(outbox, i, new Line(i, i + 1, 0));
      outbox.advance(new Line(i + 1, i + 1, 0));
    }
    assertEquals(200, outbox.pagesWritten());
  }

  @Test
  void greaterCapacity_takesAllAlong() throws IOException {
    try (RingOutbox outbox = open(CAPACITY)) {
      for (int i = 0; i < 6; i++) {
        append(outbox, i, new Line(Math.max(0, i + 1 - CAPACITY), i + 1, i));
      }
    }
    try (RingOutbox outbox = open(40)) {
      assertEquals(new Line(2, 6, 5), outbox.restore().line());
      assertEquals(List.of(2L, 3L, 4L, 5L), indexes(outbox.restore()));
      append(outbox, 6, new Line(2, 7, 0));
    }
    try (RingOutbox outbox = open(CAPACITY)) {
      assertEquals(List.of(2L, 3L, 4L, 5L, 6L), indexes(outbox.restore()), "stays long");
    }
  }

  @Test
  void fileOfGarbage_isAnEmptyRing() throws IOException {
    byte[] garbage = new byte[7 * 4096];
    Arrays.fill(garbage, (byte) 0x55);
    Files.write(file(), garbage);
    try (RingOutbox outbox = open(CAPACITY)) {
      assertEquals(new Held(Line.START, List.of()), outbox.restore());
    }
    Files.write(file(), new byte[5000]);
    try (RingOutbox outbox = open(CAPACITY)) {
      assertEquals(new Held(Line.START, List.of()), outbox.restore());
    }
  }

  @Test
  void heartbeatLongerThanAPage_isRefused() throws IOException {
    try (RingOutbox outbox = open(CAPACITY)) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> outbox.append(new Entry(0, new byte[5000]), Line.START, new Line(0, 1, 0)));
      assertEquals("heartbeat: 5000 bytes (expected: at most 4044)", refused.getMessage());
    }
  }
}

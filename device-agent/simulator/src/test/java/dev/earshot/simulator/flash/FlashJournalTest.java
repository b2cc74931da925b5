package dev.earshot.simulator.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash.Part;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlashJournalTest {
  @TempDir Path directory = Path.of("");

  private FlashJournal open() throws IOException {
    return FlashJournal.open(directory, new ImagePool());
  }

  @Test
  void tornEnd_costsOnlyTheLastEntry() throws IOException {
    try (FlashJournal journal = open()) {
      journal.flash(1).writeRecord(new byte[] {1});
      journal.flash(2).writeRecord(new byte[] {2});
    }
    Path file = directory.resolve("journal");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    try (FlashJournal journal = open()) {
      assertArrayEquals(new byte[] {1}, journal.flash(1).readRecord().orElseThrow());
      assertTrue(journal.flash(2).readRecord().isEmpty());
      journal.flash(2).writeRecord(new byte[] {3});
    }
    try (FlashJournal journal = open()) {
      assertArrayEquals(new byte[] {3}, journal.flash(2).readRecord().orElseThrow());
    }
  }

  @Test
  void whatDevicesBelieve_isSharedAndSurvives() throws IOException {
    byte[] belief = {1, 2, 3};
    try (FlashJournal journal = open()) {
      journal.flash(1).writeTrust(belief.clone());
      SimulatedFlash other = journal.flash(2);
      other.writeTrust(belief.clone());
      other.writeTrust(new byte[] {4});
      other.writeTrust(belief.clone());
    }
    for (int life = 0; life < 2; life++) { // the second reads a compacted journal
      try (FlashJournal journal = open()) {
        byte[] one = journal.flash(1).readTrust().orElseThrow();
        assertArrayEquals(belief, one);
        assertSame(one, journal.flash(2).readTrust().orElseThrow());
        assertTrue(journal.flash(3).readTrust().isEmpty());
      }
    }
  }

  @Test
  void killedProcess_leavesEveryRecordAndEverySyncedSlot(@TempDir Path afterTheKill)
      throws IOException {
    try (FlashJournal journal = open()) {
      SimulatedFlash flash = journal.flash(7);
      flash.append(Slot.SLOT_A, Part.MODEL, new byte[] {1, 2, 3});
      flash.sync(Slot.SLOT_A);
      flash.append(Slot.SLOT_B, Part.MODEL, new byte[] {4});
      flash.writeRecord(new byte[] {9});
      copy(directory, afterTheKill); // what is on disk while nothing was closed
    }
    try (FlashJournal journal = FlashJournal.open(afterTheKill, new ImagePool())) {
      SimulatedFlash flash = journal.flash(7);
      assertArrayEquals(new byte[] {9}, flash.readRecord().orElseThrow());
      assertArrayEquals(new byte[] {1, 2, 3}, flash.read(Slot.SLOT_A, Part.MODEL));
      assertEquals(0, flash.length(Slot.SLOT_B, Part.MODEL), "never synced");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(file, target);
      }
    }
  }

  @Test
  void garbageAtTheEnd_isIgnored() throws IOException {
    try (FlashJournal journal = open()) {
      journal.flash(1).writeRecord(new byte[] {1});
    }
    Files.write(
        directory.resolve("journal"),
        new byte[] {0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13},
        StandardOpenOption.APPEND);
    try (FlashJournal journal = open()) {
      assertArrayEquals(new byte[] {1}, journal.flash(1).readRecord().orElseThrow());
    }
  }

  @Test
  void sameFileOnManyDevices_isKeptOnce() throws IOException {
    byte[] model = new byte[50_000];
    try (FlashJournal journal = open()) {
      for (int device = 0; device < 20; device++) {
        SimulatedFlash flash = journal.flash(device);
        flash.append(Slot.SLOT_A, Part.MODEL, model.clone());
        flash.sync(Slot.SLOT_A);
      }
      assertSame(
          journal.flash(3).read(Slot.SLOT_A, Part.MODEL),
          journal.flash(4).read(Slot.SLOT_A, Part.MODEL));
    }
    try (var images = Files.list(directory.resolve("images"))) {
      assertEquals(1, images.count());
    }
  }

  @Test
  void filesThatNoSlotHolds_areDroppedWhenOpened() throws IOException {
    try (FlashJournal journal = open()) {
      SimulatedFlash flash = journal.flash(0);
      flash.append(Slot.SLOT_A, Part.MODEL, new byte[] {1, 2, 3});
      flash.sync(Slot.SLOT_A);
      flash.erase(Slot.SLOT_A);
    }
    try (FlashJournal journal = open()) {
      assertEquals(0, journal.flash(0).length(Slot.SLOT_A, Part.MODEL));
    }
    try (var images = Files.list(directory.resolve("images"))) {
      assertEquals(0, images.count());
    }
  }

  @Test
  void directoryInUse_isRefusedWithTheFix() throws IOException {
    try (FlashJournal journal = open()) {
      journal.force();
      IOException refused = assertThrows(IOException.class, this::open);
      assertEquals(
          directory + ": another simulator uses it (fix: stop that one or name another directory)",
          refused.getMessage());
    }
  }

  @Test
  void manyRecords_keepTheJournalSmall() throws IOException {
    byte[] record = new byte[100_000];
    try (FlashJournal journal = open()) {
      SimulatedFlash flash = journal.flash(0);
      for (int i = 0; i < 400; i++) {
        record[0] = (byte) i;
        flash.writeRecord(record);
      }
      assertTrue(Files.size(directory.resolve("journal")) < 18 << 20, "40 MB were written");
    }
    try (FlashJournal journal = open()) {
      assertEquals((byte) 399, journal.flash(0).readRecord().orElseThrow()[0]);
    }
  }
}

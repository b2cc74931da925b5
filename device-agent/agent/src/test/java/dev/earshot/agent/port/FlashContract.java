package dev.earshot.agent.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash.Part;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What every {@link Flash} does. Extend it and say where yours comes from. */
public abstract class FlashContract {
  private static final byte[] ONE = {1, 2, 3};
  private static final byte[] TWO = {4, 5};
  private static final byte[] BOTH = {1, 2, 3, 4, 5};

  /**
   * The flash of this test, blank at the first call; each later call is the same medium after a
   * restart.
   */
  protected abstract Flash reopen() throws IOException;

  @Test
  void blankFlash_hasNoRecordAndEmptySlots() throws IOException {
    Flash flash = reopen();
    assertTrue(flash.readRecord().isEmpty());
    assertTrue(flash.readTrust().isEmpty());
    for (Part part : Part.values()) {
      assertEquals(0, flash.length(Slot.SLOT_A, part));
      assertEquals(0, flash.read(Slot.SLOT_B, part).length);
      assertEquals(Digest.of(new byte[0]), flash.digest(Slot.SLOT_B, part));
    }
  }

  @Test
  void record_isReplacedWholeAndSurvivesARestart() throws IOException {
    reopen().writeRecord(BOTH);
    assertArrayEquals(BOTH, reopen().readRecord().orElseThrow());
    reopen().writeRecord(ONE);
    assertArrayEquals(ONE, reopen().readRecord().orElseThrow());
  }

  @Test
  void trust_isReplacedWholeAndLeavesTheRecordAlone() throws IOException {
    reopen().writeRecord(BOTH);
    reopen().writeTrust(TWO);
    assertArrayEquals(TWO, reopen().readTrust().orElseThrow());
    reopen().writeTrust(ONE);
    assertArrayEquals(ONE, reopen().readTrust().orElseThrow());
    assertArrayEquals(BOTH, reopen().readRecord().orElseThrow());
  }

  @Test
  void appendedChunks_areReadBackAsOneAfterARestart() throws IOException {
    Flash flash = reopen();
    flash.append(Slot.SLOT_B, Part.MODEL, ONE);
    flash.append(Slot.SLOT_B, Part.MODEL, TWO);
    flash.append(Slot.SLOT_B, Part.MANIFEST, TWO);
    flash.sync(Slot.SLOT_B);

    Flash later = reopen();
    assertEquals(5, later.length(Slot.SLOT_B, Part.MODEL));
    assertArrayEquals(BOTH, later.read(Slot.SLOT_B, Part.MODEL));
    assertEquals(Digest.of(BOTH), later.digest(Slot.SLOT_B, Part.MODEL));
    assertArrayEquals(TWO, later.read(Slot.SLOT_B, Part.MANIFEST));
  }

  @Test
  void appendAfterARestart_goesOnAtTheEnd() throws IOException {
    Flash flash = reopen();
    flash.append(Slot.SLOT_A, Part.MODEL, ONE);
    flash.sync(Slot.SLOT_A);
    reopen().append(Slot.SLOT_A, Part.MODEL, TWO);
    assertArrayEquals(BOTH, reopen().read(Slot.SLOT_A, Part.MODEL));
  }

  @Test
  void erase_emptiesOneSlotAndLeavesTheOther() throws IOException {
    Flash flash = reopen();
    flash.append(Slot.SLOT_A, Part.MODEL, ONE);
    flash.append(Slot.SLOT_B, Part.MODEL, TWO);
    flash.append(Slot.SLOT_B, Part.SELF_TEST, TWO);
    flash.erase(Slot.SLOT_B);
    flash.sync(Slot.SLOT_A);

    Flash later = reopen();
    assertArrayEquals(ONE, later.read(Slot.SLOT_A, Part.MODEL));
    assertEquals(0, later.length(Slot.SLOT_B, Part.MODEL));
    assertEquals(0, later.length(Slot.SLOT_B, Part.SELF_TEST));
  }

  @Test
  void capacity_countsWhatTheSlotHoldsAlready() throws IOException {
    Flash flash = reopen();
    long before = flash.slotCapacityBytes(Slot.SLOT_A);
    assertTrue(before >= 5, "capacity " + before);
    flash.append(Slot.SLOT_A, Part.MODEL, BOTH);
    assertTrue(flash.slotCapacityBytes(Slot.SLOT_A) >= 5);
  }
}

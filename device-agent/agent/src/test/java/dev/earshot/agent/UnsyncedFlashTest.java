package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.FlashContract;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The fake of the interleavings is held to what the real one does, and to what it may lose. */
class UnsyncedFlashTest extends FlashContract {
  private final UnsyncedFlash flash = new UnsyncedFlash();

  @Override
  protected Flash reopen() {
    return flash;
  }

  @Test
  void powerCut_takesOnlyWhatWasNotSynced() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int shortest = 200;
    for (int life = 0; life < 50; life++) {
      flash.erase(Slot.SLOT_A);
      flash.append(Slot.SLOT_A, Flash.Part.MODEL, new byte[100]);
      flash.sync(Slot.SLOT_A);
      flash.append(Slot.SLOT_A, Flash.Part.MODEL, new byte[100]);
      flash.losePower(random);
      shortest = (int) Math.min(shortest, flash.length(Slot.SLOT_A, Flash.Part.MODEL));
      assertTrue(flash.length(Slot.SLOT_A, Flash.Part.MODEL) >= 100);
    }
    assertTrue(shortest < 120, "something is lost");
    flash.losePower(random);
    assertEquals(
        flash.length(Slot.SLOT_A, Flash.Part.MODEL),
        flash.read(Slot.SLOT_A, Flash.Part.MODEL).length);
  }
}

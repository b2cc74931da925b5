package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.FlashContract;

/** The fake of these tests is held to what the real one does. */
class MemoryFlashTest extends FlashContract {
  private final MemoryFlash flash = new MemoryFlash();

  @Override
  protected Flash reopen() {
    return flash;
  }
}

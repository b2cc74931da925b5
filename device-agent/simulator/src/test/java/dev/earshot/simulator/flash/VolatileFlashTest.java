package dev.earshot.simulator.flash;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.FlashContract;

class VolatileFlashTest extends FlashContract {
  private final SimulatedFlash flash = new SimulatedFlash(0, new ImagePool(), FlashStore.VOLATILE);

  @Override
  protected Flash reopen() {
    return flash; // a power cut of the device is no end of the process
  }
}

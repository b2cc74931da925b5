package dev.earshot.gateway.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommandWindowTest {
  private final CommandWindow window = new CommandWindow(65_535);

  @Test
  void deviceThatDoesNotAcknowledge_getsSixteenCommands() {
    for (int id = 1; id <= 16; id++) {
      assertEquals(id, window.open());
    }
    assertEquals(CommandWindow.FULL, window.open());
    assertTrue(window.close(7));
    assertFalse(window.close(7), "acknowledged twice");
    assertEquals(17, window.open());
  }

  @Test
  void idsComeRound_theOneStillOpenIsNotUsedAgain() {
    assertEquals(1, window.open());
    for (int id = 2; id <= 65_535; id++) {
      assertEquals(id, window.open());
      assertTrue(window.close(id));
    }
    assertEquals(2, window.open());
  }
}

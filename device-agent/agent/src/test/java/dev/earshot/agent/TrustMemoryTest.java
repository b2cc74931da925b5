package dev.earshot.agent;

import static dev.earshot.agent.AttackedDevice.NEW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.earshot.agent.trust.Beliefs;
import dev.earshot.agent.trust.TrustMemory;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.TrustAnchors;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TrustMemoryTest {
  private final AttackedDevice installed = new AttackedDevice();
  private final MemoryFlash flash = installed.device.flash;
  private final TrustMemory memory = new TrustMemory(flash, TestRelease.ANCHORS);

  private Beliefs factory() {
    return new Beliefs(TestRelease.ANCHORS.image(), TestRelease.ANCHORS.director().root());
  }

  private static void assertSame(Beliefs expected, Beliefs actual) {
    assertArrayEquals(expected.image().encode(), actual.image().encode());
    assertEquals(expected.director(), actual.director());
  }

  @Test
  void newDevice_believesWhatIsPinned() {
    assertSame(factory(), memory.recall());
  }

  @Test
  void whatAnInstallFoundTrue_isRecalled() {
    installed.install("c1", NEW);
    assertNotEquals(factory().image().encode().length, memory.recall().image().encode().length);
    assertEquals(2, flash.trustWrites, "timestamp and snapshot");
  }

  @Test
  void sameBeliefsAgain_costNoWrite() throws IOException {
    installed.install("c1", NEW);
    int before = flash.trustWrites;
    memory.remember(memory.recall());
    assertEquals(before, flash.trustWrites);
  }

  @Test
  void otherPinnedRoots_beginAnew() {
    installed.install("c1", NEW);
    TrustAnchors others = LocalTrust.ofSeed("others", TestRelease.TRUST.expires()).anchors();
    assertSame(
        new Beliefs(others.image(), others.director().root()),
        new TrustMemory(flash, others).recall());
  }

  @Test
  void memoryTornAnywhere_isGivenUpForThePinnedRoots() throws IOException {
    installed.install("c1", NEW);
    byte[] whole = flash.readTrust().orElseThrow();
    for (int length = 0; length < whole.length; length += 97) {
      flash.writeTrust(Arrays.copyOf(whole, length));
      assertSame(factory(), memory.recall());
    }
  }
}

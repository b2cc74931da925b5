package dev.earshot.trainer.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.earshot.trainer.audio.Clip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EspeakNgTest {
  @TempDir Path cache;

  @Test
  void missingProgram_isNamedWithTheWayToInstallIt() {
    IllegalStateException missing =
        assertThrows(
            IllegalStateException.class, () -> new EspeakNg(cache, "espeak-ng-that-is-not-there"));

    assertEquals(
        "the program espeak-ng-that-is-not-there was not found; install it (Debian, Ubuntu:"
            + " apt-get install espeak-ng; Fedora: dnf install espeak-ng; macOS: brew install"
            + " espeak-ng)",
        missing.getMessage());
  }

  @Test
  void wakeWord_takesHalfASecondToASecondAndAHalf_andIsRememberedExactly() throws IOException {
    EspeakNg espeak = installed();
    Voice voice = new Voice("en-us", "f3", 150, 50);

    Clip spoken = espeak.speak(voice, "hey nova");
    Clip again = espeak.speak(voice, "hey nova");

    assertTrue(spoken.length() > Clip.RATE / 2 && spoken.length() < 3 * Clip.RATE / 2);
    assertTrue(spoken.activeRms() > 0.01);
    assertArrayEquals(spoken.samples(), again.samples());
  }

  @Test
  void noVoice_isInTwoSplits() {
    Set<String> seen = new HashSet<>();
    for (Split split : Split.values()) {
      for (String variant : Voice.variants(split)) {
        assertTrue(seen.add(variant), variant + " is in two splits");
      }
    }
  }

  private EspeakNg installed() throws IOException {
    try {
      return new EspeakNg(cache);
    } catch (IllegalStateException e) {
      return abort("espeak-ng is not installed: training needs it, this build does not");
    }
  }
}

package dev.earshot.simulator.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneLibraryTest {
  @TempDir private Path folder;

  private SceneLibrary read(String scenes) throws IOException {
    Files.writeString(folder.resolve("a.wav"), "not read before somebody listens");
    Files.writeString(
        folder.resolve(SceneLibrary.INDEX), "{\"corpus\":\"a test\",\"scenes\":" + scenes + "}");
    return SceneLibrary.read(folder);
  }

  private String refused(String scenes) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> read(scenes)).getMessage());
  }

  @Test
  void scenes_areFoundByEnvironmentAndKind() throws IOException {
    SceneLibrary library =
        read(
            """
            [{"file":"a.wav","environment":"car","words":[]},
             {"file":"a.wav","environment":"car","words":[{"startMillis":100,"endMillis":900}]}]
            """);
    assertEquals(1, library.talk(Environment.CAR).size());
    assertEquals(
        List.of(new SceneLibrary.Word(100, 900)),
        library.wakes(Environment.CAR).getFirst().words());
    assertEquals(
        folder.resolve(SceneLibrary.INDEX)
            + ": no scene of environment kitchen without the wake word (fix: add one, or simulate"
            + " no devices there)",
        assertThrows(
                IllegalArgumentException.class, () -> library.talk(Environment.KITCHEN))
            .getMessage());
  }

  @Test
  void mistakes_areNamed() {
    assertTrue(
        refused("[{\"file\":\"b.wav\",\"environment\":\"car\",\"words\":[]}]")
            .endsWith("file: b.wav (expected: a WAV file in that folder)"));
    assertTrue(
        refused("[{\"file\":\"a.wav\",\"environment\":\"attic\",\"words\":[]}]").contains("attic"));
    assertTrue(
        refused(
                "[{\"file\":\"a.wav\",\"environment\":\"car\","
                    + "\"words\":[{\"startMillis\":9,\"endMillis\":9}]}]")
            .contains("words: 9 to 9 ms (expected: 0 <= start < end)"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> SceneLibrary.read(folder.resolve("none")))
            .getMessage()
            .contains("--scenes DIR"));
  }
}

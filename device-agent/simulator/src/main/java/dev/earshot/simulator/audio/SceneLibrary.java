package dev.earshot.simulator.audio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder of WAV files, 16 kHz, 16 bit, and a {@code scenes.json} that says of each where it was
 * and when the wake word is spoken in it. {@code earshot model train --scenes} renders one; real
 * recordings do as well.
 *
 * @param folder where the files lie
 * @param scenes in the order of the index
 */
public record SceneLibrary(Path folder, List<Scene> scenes) {
  /** The index. */
  public static final String INDEX = "scenes.json";

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build()
          .readerFor(Index.class);

  /** The index as it is written; {@code corpus} says for people which audio it is. */
  private record Index(String corpus, List<Scene> scenes) {}

  /**
   * One recording.
   *
   * @param file relative to the folder
   * @param environment label of where it was
   * @param words when the wake word is spoken; none: every wake in it is false
   */
  public record Scene(String file, String environment, List<Word> words) {
    public Scene {
      Labels.environment(environment);
      words = List.copyOf(words);
    }
  }

  /** From the first sound of the wake word to its last, in milliseconds of the recording. */
  public record Word(int startMillis, int endMillis) {
    public Word {
      if (startMillis < 0 || endMillis <= startMillis) {
        throw new IllegalArgumentException(
            "words: " + startMillis + " to " + endMillis + " ms (expected: 0 <= start < end)");
      }
    }
  }

  public SceneLibrary {
    scenes = List.copyOf(scenes);
  }

  /**
   * Reads the index; audio is read when somebody listens.
   *
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  public static SceneLibrary read(Path folder) {
    Path index = folder.resolve(INDEX);
    try {
      Index read = JSON.readValue(Files.readAllBytes(index));
      for (Scene scene : read.scenes()) {
        if (!Files.isRegularFile(folder.resolve(scene.file()))) {
          throw new IllegalArgumentException(
              index + ": file: " + scene.file() + " (expected: a WAV file in that folder)");
        }
      }
      return new SceneLibrary(folder, read.scenes());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(index + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          index
              + ": can't be read (fix: render scenes with `earshot model train --recipe FILE"
              + " --scenes DIR`, or write an index for recordings)",
          e);
    }
  }

  /** Recordings of one environment without the wake word, at least one. */
  public List<Scene> talk(Environment environment) {
    return some(environment, true, "without the wake word");
  }

  /** Recordings of one environment with the wake word, at least one. */
  public List<Scene> wakes(Environment environment) {
    return some(environment, false, "with the wake word");
  }

  private List<Scene> some(Environment environment, boolean talk, String kind) {
    String label = Labels.of(environment);
    List<Scene> found =
        scenes.stream()
            .filter(scene -> scene.environment().equals(label) && scene.words().isEmpty() == talk)
            .toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          folder.resolve(INDEX)
              + ": no scene of environment "
              + label
              + " "
              + kind
              + " (fix: add one, or simulate no devices there)");
    }
    return found;
  }
}

package dev.earshot.trainer.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.scene.Scene;
import dev.earshot.trainer.scene.SceneComposer;
import dev.earshot.trainer.speech.EspeakNg;
import dev.earshot.trainer.work.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes the first scenes that a recipe's evaluation listens to as a folder of WAV files with an
 * index, {@code scenes.json}: what simulated devices with real ears hear. The index names each
 * file, its environment and where in it the wake word is spoken.
 */
public final class SceneFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Recipe recipe;
  private final EspeakNg espeak;
  private final Workers workers;

  public SceneFolder(Path folder, Recipe recipe, EspeakNg espeak, Workers workers) {
    this.folder = folder;
    this.recipe = recipe;
    this.espeak = espeak;
    this.workers = workers;
  }

  private record Item(AcousticEnvironment environment, boolean talk, int number) {
    String file() {
      return String.format(
          Locale.ROOT, "%s/%s-%03d.wav", environment.label(), talk ? "talk" : "wakes", number);
    }
  }

  /** One minute of audio that was written. */
  private record Written(Item item, Scene scene) {}

  /**
   * Renders so many minutes of talk and of wake words in each environment, some 2 MB each.
   *
   * @return how many scenes there are
   */
  public int write(int talkMinutes, int wakeMinutes) throws IOException {
    SceneComposer composer = Corpus.evaluation(espeak, recipe);
    for (AcousticEnvironment environment : AcousticEnvironment.values()) {
      Files.createDirectories(folder.resolve(environment.label()));
    }
    int perEnvironment = talkMinutes + wakeMinutes;
    int total = perEnvironment * AcousticEnvironment.values().length;
    ObjectNode index = JSON.createObjectNode();
    index.put("corpus", Corpus.description(recipe, espeak));
    ArrayNode scenes = index.putArray("scenes");
    workers.run(
        total,
        () -> composer,
        (number, tool) -> {
          int within = number % perEnvironment;
          boolean talk = within < talkMinutes;
          return render(
              tool,
              new Item(
                  AcousticEnvironment.values()[number / perEnvironment],
                  talk,
                  talk ? within : within - talkMinutes));
        },
        written -> describe(scenes.addObject(), written));
    Files.write(
        folder.resolve("scenes.json"), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(index));
    return total;
  }

  private Written render(SceneComposer composer, Item item) {
    Scene scene =
        item.talk()
            ? composer.talk(item.environment(), item.number())
            : composer.wakes(item.environment(), item.number());
    try {
      Files.write(folder.resolve(item.file()), wav(scene.pcm()));
    } catch (IOException e) {
      throw new UncheckedIOException(folder.resolve(item.file()) + ": " + e.getMessage(), e);
    }
    return new Written(item, scene);
  }

  private static void describe(ObjectNode node, Written written) {
    node.put("file", written.item().file())
        .put("environment", written.item().environment().label());
    ArrayNode words = node.putArray("words");
    for (Scene.Span word : written.scene().wakes()) {
      words
          .addObject()
          .put("startMillis", word.start() * 1000L / Clip.RATE)
          .put("endMillis", word.end() * 1000L / Clip.RATE);
    }
  }

  /** RIFF with one chunk of 16-bit mono samples. */
  private static byte[] wav(short[] pcm) {
    int header = 44;
    int bytesPerSample = 2;
    ByteBuffer bytes =
        ByteBuffer.allocate(header + bytesPerSample * pcm.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(header - 8 + bytesPerSample * pcm.length)
        .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
        .putInt(16)
        .putShort((short) 1) // PCM
        .putShort((short) 1) // mono
        .putInt(Clip.RATE)
        .putInt(Clip.RATE * bytesPerSample)
        .putShort((short) bytesPerSample)
        .putShort((short) 16)
        .put("data".getBytes(StandardCharsets.US_ASCII))
        .putInt(bytesPerSample * pcm.length);
    bytes.asShortBuffer().put(pcm);
    return bytes.array();
  }
}

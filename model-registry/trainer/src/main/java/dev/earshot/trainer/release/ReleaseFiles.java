package dev.earshot.trainer.release;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.protocol.Digest;
import dev.earshot.trainer.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The folder of a release: {@code model.tflite}, {@code card.yaml} and what belongs to them. */
public final class ReleaseFiles {
  /** The front end that every model of this trainer is made for, by the name in the card. */
  static final String FRONT_END = "streaming-wake-word";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  private ReleaseFiles() {}

  /**
   * Writes all files of a release but the recipe, which is there already or is copied.
   *
   * @param recipeFile the recipe's exact bytes; their digest goes into the lineage
   */
  public static void write(Path folder, Recipe recipe, byte[] recipeFile, TrainedRelease release)
      throws IOException {
    writeModel(folder, release.tflite());
    Files.write(folder.resolve("recipe.yaml"), recipeFile);
    Files.write(folder.resolve("self-test.pb"), release.selfTest().toByteArray());
    Files.writeString(
        folder.resolve("evaluation.json"),
        JSON.writer(printer()).writeValueAsString(release.evaluation()) + "\n");
    Files.writeString(
        folder.resolve("card.yaml"), YAML.writeValueAsString(card(recipe, recipeFile, release)));
  }

  /** Writes the model alone. */
  public static void writeModel(Path folder, byte[] tflite) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("model.tflite"), tflite);
  }

  private static Map<String, Object> card(
      Recipe recipe, byte[] recipeFile, TrainedRelease release) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("name", recipe.release().name());
    card.put("version", recipe.release().version());
    card.put("counter", recipe.counter());
    card.put("description", recipe.description());
    card.put("chips", recipe.chips());
    card.put("detector", detector(release.detector()));
    card.put("frontEnd", FRONT_END);
    Map<String, Object> lineage = new LinkedHashMap<>();
    lineage.put("recipe", Digest.of(recipeFile).toString());
    lineage.put("seed", recipe.seed());
    lineage.put("data", release.data().toString());
    if (recipe.parent() != null) {
      lineage.put("parent", recipe.parent().toString());
    }
    card.put("lineage", lineage);
    return card;
  }

  private static Map<String, Object> detector(DetectorParameters detector) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("wakeClass", detector.wakeClass());
    map.put("thresholdScore", detector.thresholdScore());
    map.put("smoothingFrames", detector.smoothingFrames());
    map.put("refractoryMillis", detector.refractoryMillis());
    return map;
  }

  /** A line for each field of an environment; what is inside such a field stays on its line. */
  private static PrettyPrinter printer() {
    DefaultIndenter shallow =
        new DefaultIndenter("  ", "\n") {
          @Override
          public void writeIndentation(JsonGenerator json, int level) throws IOException {
            if (level <= 3) {
              super.writeIndentation(json, level);
            }
          }
        };
    return new DefaultPrettyPrinter().withObjectIndenter(shallow).withArrayIndenter(shallow);
  }
}

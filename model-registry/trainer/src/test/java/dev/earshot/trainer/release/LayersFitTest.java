package dev.earshot.trainer.release;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A recipe that no chip of its own could run is refused before it is trained. */
class LayersFitTest {
  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void layersOfTheBundledReleases_fitTheirChips(String version) throws IOException {
    Recipe recipe = RecipeReader.read(Files.readAllBytes(recipe(version)));

    assertDoesNotThrow(() -> LayersFit.require(recipe));
  }

  @Test
  void ndp101sOwnLayersInInt4_fitIt() throws IOException {
    Recipe recipe = ndp101("hidden: [256, 256, 256]\n  weights: int4");

    assertDoesNotThrow(() -> LayersFit.require(recipe));
  }

  @Test
  void int8Weights_areTooWideForNdp101() throws IOException {
    assertEquals(
        "network: ndp101 can't run these layers: weight bits 8 > 4",
        refusal(ndp101("hidden: [256, 256, 256]")));
  }

  @Test
  void everyExceededLimit_isNamed() throws IOException {
    String message = refusal(ndp101("hidden: [300, 256, 256, 8]\n  weights: int4"));

    assertTrue(message.contains("layers 5 > 4"), message);
    assertTrue(message.contains("widest hidden layer 300 > 256"), message);
    assertTrue(message.contains("parameters"), message);
  }

  private static String refusal(Recipe recipe) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> LayersFit.require(recipe)).getMessage());
  }

  /** The first release's recipe with other layers, for NDP101. */
  private static Recipe ndp101(String layers) throws IOException {
    String yaml = Files.readString(recipe("1.0.0"));
    int blocks = yaml.indexOf("  blocks:");
    int temperature = yaml.indexOf("  logitTemperature");
    String changed =
        (yaml.substring(0, blocks) + "  " + layers + "\n" + yaml.substring(temperature))
            .replace("chips: [ndp120]", "chips: [ndp101]");
    return RecipeReader.read(changed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Path recipe(String version) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("model-registry/releases"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("no model-registry/releases above the working directory");
    }
    return at.resolve("model-registry/releases/hey-nova-" + version + "/recipe.yaml");
  }
}

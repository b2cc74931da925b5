package dev.earshot.trainer.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The releases that come with the source: whole, runnable, and what they are said to be. */
class BundledReleasesTest {
  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void release_isMadeFromTheRecipeBesideIt(String version) throws IOException {
    Path folder = folder(version);
    byte[] recipeFile = Files.readAllBytes(folder.resolve("recipe.yaml"));
    Recipe recipe = RecipeReader.read(recipeFile);
    JsonNode card = card(version);

    assertEquals("hey-nova:" + version, recipe.release().toString());
    assertEquals(Digest.of(recipeFile).toString(), card.at("/lineage/recipe").asText());
    assertEquals(recipe.seed(), card.at("/lineage/seed").asLong());
    assertEquals(recipe.counter(), card.path("counter").asInt());
    assertEquals(recipe.description(), card.path("description").asText());
    assertEquals("streaming-wake-word", card.path("frontEnd").asText());
    Digest.parse(card.at("/lineage/data").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void model_fitsItsChip_andItsEvaluationIsOfThisFile(String version) throws IOException {
    byte[] tflite = Files.readAllBytes(folder(version).resolve("model.tflite"));
    NdpModel model = NdpModel.parse(tflite);
    Evaluation evaluation = evaluation(version);

    assertInstanceOf(Fit.Fits.class, Fit.of(model, ChipProfile.byId("ndp120").orElseThrow()));
    assertEquals(Digest.of(tflite).toString(), evaluation.modelDigest());
    assertEquals(model.summary().macs(), evaluation.multiplyAccumulates());
    assertEquals(card(version).at("/detector/thresholdScore").asInt(), evaluation.thresholdScore());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void selfTest_isReproducedToTheBit(String version) throws IOException {
    Path folder = folder(version);
    Inference inference = NdpModel.read(folder.resolve("model.tflite")).newInference();
    SelfTest test = SelfTest.parseFrom(Files.readAllBytes(folder.resolve("self-test.pb")));

    assertEquals(8, test.getVectorsCount());
    for (SelfTest.Vector vector : test.getVectorsList()) {
      assertArrayEquals(
          vector.getOutput().toByteArray(), inference.run(vector.getInput().toByteArray()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0", "1.2.0"})
  void evaluation_agreesWithItself(String version) throws IOException {
    Evaluation evaluation = evaluation(version);

    assertEquals(
        List.of("quiet", "kitchen", "car", "factory", "stadium"),
        evaluation.environments().stream().map(EnvironmentResult::environment).toList());
    for (EnvironmentResult result : evaluation.environments()) {
      Evaluation.DetPoint atThreshold =
          result.det().stream()
              .filter(point -> point.thresholdScore() <= evaluation.thresholdScore())
              .reduce((first, second) -> second)
              .orElseThrow();
      assertEquals(result.falseAcceptsPerHour(), atThreshold.falseAcceptsPerHour(), 1e-9);
      assertEquals(result.falseRejectRate(), atThreshold.falseRejectRate(), 1e-9);
      assertTrue(result.exposureHours() >= 2, result.environment());
      assertTrue(result.wakeAttempts() >= 200, result.environment());
      assertEquals(result.wakeAttempts(), result.wakeScores().stream().mapToLong(n -> n).sum());
    }
  }

  /** Fewer than half the false accepts, no more misses; in no environment worse beyond chance. */
  @Test
  void secondRelease_isBetterThanTheFirst() throws IOException {
    Evaluation first = evaluation("1.0.0");
    Evaluation second = evaluation("1.1.0");

    assertTrue(mean(second) < 0.5 * mean(first));
    assertTrue(missed(second) < missed(first));
    for (int i = 0; i < 5; i++) {
      EnvironmentResult before = first.environments().get(i);
      EnvironmentResult after = second.environments().get(i);
      double chance = 2 * Math.sqrt(before.falseAccepts() + 1.0);
      assertTrue(after.falseAccepts() <= before.falseAccepts() + chance, before.environment());
    }
  }

  @Test
  void thirdRelease_isWorseInNoise_andFineWhereItsMakersListened() throws IOException {
    Evaluation second = evaluation("1.1.0");
    Evaluation third = evaluation("1.2.0");

    for (String noisy : List.of("car", "factory", "stadium")) {
      assertTrue(rate(third, noisy) > 1.5 * rate(second, noisy), noisy);
    }
    for (String fine : List.of("quiet", "kitchen")) {
      assertTrue(rate(third, fine) <= 1.5 * rate(second, fine) + 0.5, fine);
    }
    assertTrue(mean(third) > 2 * mean(second));
  }

  @Test
  void allReleases_wereMeasuredOnTheSameAudio_andCostTheSameEnergy() throws IOException {
    for (String version : List.of("1.1.0", "1.2.0")) {
      assertEquals(evaluation("1.0.0").corpus(), evaluation(version).corpus());
      assertEquals(
          evaluation("1.0.0").energyPerInferenceMicrojoules(),
          evaluation(version).energyPerInferenceMicrojoules());
    }
  }

  private static double missed(Evaluation evaluation) {
    return evaluation.environments().stream()
        .mapToDouble(EnvironmentResult::falseRejectRate)
        .average()
        .orElseThrow();
  }

  private static double rate(Evaluation evaluation, String environment) {
    return evaluation.environments().stream()
        .filter(result -> result.environment().equals(environment))
        .mapToDouble(EnvironmentResult::falseAcceptsPerHour)
        .findFirst()
        .orElseThrow();
  }

  private static double mean(Evaluation evaluation) {
    return evaluation.environments().stream()
        .mapToDouble(EnvironmentResult::falseAcceptsPerHour)
        .average()
        .orElseThrow();
  }

  private static JsonNode card(String version) throws IOException {
    return new YAMLMapper().readTree(folder(version).resolve("card.yaml").toFile());
  }

  private static Evaluation evaluation(String version) throws IOException {
    return new ObjectMapper()
        .readValue(folder(version).resolve("evaluation.json").toFile(), Evaluation.class);
  }

  private static Path folder(String version) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("model-registry/releases"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("no model-registry/releases above the working directory");
    }
    return at.resolve("model-registry/releases").resolve("hey-nova-" + version);
  }
}

package dev.earshot.trainer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.quantize.WeightFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeReaderTest {
  private static final String GOOD =
      """
      name: hey-nova
      version: 1.0.0
      counter: 1
      description: a test
      chips: [ndp120]
      seed: 7
      speech: {speakers: 3, foreignShare: 0.5, wakeClips: 20, talkClips: 10, confusableClips: 0}
      training:
        talkMinutes: {car: 2, quiet: 3}
        wakeMinutes: {quiet: 1}
        confusableShare: 0.1
        voiceSpread: 0.1
        epochs: 4
        windowsPerEpoch: 1000
        batchSize: 64
        learningRate: 0.001
        labelSmoothing: 0.02
        miningRounds: 1
      network:
        blocks: [{time: 10, channels: 8}, {time: 21, channels: 16}]
        logitTemperature: 1.5
      calibration: {environments: [quiet], windows: 100}
      detector: {smoothingFrames: 3, refractoryMillis: 1000}
      threshold: {environments: [quiet], minutes: 5, falseAcceptsPerHour: 0.5}
      evaluation: {seed: 900, talkMinutes: 10, wakeMinutes: 5}
      """;

  @Test
  void completeRecipe_isRead() {
    Recipe recipe = read(GOOD);

    assertEquals("hey-nova:1.0.0", recipe.release().toString());
    assertNull(recipe.parent());
    assertEquals(
        Map.of(AcousticEnvironment.QUIET, 3, AcousticEnvironment.CAR, 2),
        recipe.training().talkMinutes());
    assertEquals(
        List.of(new Architecture.Block(10, 8), new Architecture.Block(21, 16)),
        ((Architecture.Convolutional) recipe.network().architecture()).blocks());
    assertEquals(WeightFormat.INT8, recipe.network().weights());
    assertEquals(0.5, recipe.threshold().falseAcceptsPerHour());
  }

  @Test
  void unknownKey_isNamedWithTheKeysThatThereAre() {
    assertRefused(
        GOOD.replace("  windows: 100", "  windws: 100").replace("windows: 100", "windws: 100"),
        "calibration.windows: missing");
    assertRefused(
        GOOD.replace("minutes: 5,", "minutes: 5, hours: 1,"),
        "threshold.hours: unknown key (expected: one of [environments, falseAcceptsPerHour,"
            + " minutes])");
  }

  @Test
  void unknownKeyAtTheTop_isNamed() {
    assertRefused(
        GOOD + "colour: red\n",
        "colour: unknown key (expected: one of [calibration, chips, counter, description,"
            + " detector, evaluation, name, network, parent, seed, speech, threshold, training,"
            + " version])");
  }

  @Test
  void valueOutOfRange_isNamedWithItsRange() {
    assertRefused(
        GOOD.replace("labelSmoothing: 0.02", "labelSmoothing: 0.9"),
        "training.labelSmoothing: 0.9 (expected: a number, 0.0 to 0.3)");
    assertRefused(
        GOOD.replace("epochs: 4", "epochs: many"),
        "training.epochs: \"many\" (expected: a whole number, 1 to 1000)");
    assertRefused(
        GOOD.replace("{time: 10, channels: 8}", "{time: 10, channels: 0}"),
        "network.blocks[0].channels: 0 (expected: a whole number, 1 to 256)");
  }

  @Test
  void notANumber_isRefused() {
    assertRefused(
        GOOD.replace("falseAcceptsPerHour: 0.5", "falseAcceptsPerHour: .nan"),
        "recipe: not YAML: Malformed numeric value '.nan'");
  }

  @Test
  void unknownEnvironment_isNamedWithItsField() {
    assertRefused(
        GOOD.replace(
            "calibration: {environments: [quiet]", "calibration: {environments: [submarine]"),
        "calibration.environments: environment: 'submarine' (expected: one of [quiet, kitchen, car,"
            + " factory, stadium])");
  }

  @Test
  void minutesInAnUnknownEnvironment_areRefused() {
    assertRefused(
        GOOD.replace("{car: 2, quiet: 3}", "{boat: 2}"),
        "training.talkMinutes.boat: unknown key (expected: one of [car, factory, kitchen, quiet,"
            + " stadium])");
  }

  @Test
  void layersThatDoNotUseUpTheWindow_areRefused() {
    assertRefused(
        GOOD.replace("time: 21", "time: 20"),
        "network.blocks: their time lengths leave 2 frames of 30 (expected: 1, so that the sum of"
            + " (time - 1) is 29)");
  }

  @Test
  void hiddenLayersWithInt4Weights_areRead() {
    Recipe recipe = read(hidden("[256, 256, 256]"));

    assertEquals(
        new Architecture.FullyConnected(List.of(256, 256, 256)), recipe.network().architecture());
    assertEquals(40, recipe.network().architecture().frames());
    assertEquals(WeightFormat.INT4, recipe.network().weights());
  }

  @Test
  void hiddenLayersOutOfBounds_areNamed() {
    assertRefused(
        hidden("[256, 2000]"), "network.hidden[1]: 2000 (expected: a whole number, 1 to 1024)");
    assertRefused(hidden("[256, 0.5]"), "network.hidden[1]: 0.5 (expected: a whole number)");
    assertRefused(
        hidden("[9, 9, 9, 9, 9, 9, 9, 9, 9]"), "network.hidden: 9 layers (expected: 1 to 8)");
    assertRefused(hidden("[]"), "network.hidden: [] (expected: a list of at least one)");
  }

  @Test
  void blocksAndHiddenLayersTogether_areRefused() {
    assertRefused(
        GOOD.replace("  logitTemperature", "  hidden: [8]\n  logitTemperature"),
        "network.hidden: there are blocks, too (expected: one of them)");
  }

  @Test
  void unknownOrUnfitWeights_areRefused() {
    assertRefused(
        hidden("[8]").replace("weights: int4", "weights: int5"),
        "network.weights: 'int5' (expected: int8 or int4)");
    assertRefused(
        GOOD.replace("  logitTemperature", "  weights: int4\n  logitTemperature"),
        "network.weights: int4 (expected: int8 for blocks of convolutions; chips with 4-bit weights"
            + " run hidden layers only)");
  }

  private static String hidden(String layers) {
    return GOOD.replaceFirst("blocks: .*", "hidden: " + layers + "\n  weights: int4");
  }

  @Test
  void missingSection_isNamed() {
    assertRefused(GOOD.replace("detector: {", "detectr: {"), "detector: missing");
  }

  @Test
  void noYaml_isRefused() {
    assertRefused("just words", "recipe: not a mapping (expected: key: value lines)");
  }

  private static void assertRefused(String yaml, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> read(yaml));
    assertEquals(message, refused.getMessage());
  }

  private static Recipe read(String yaml) {
    return RecipeReader.read(yaml.getBytes(StandardCharsets.UTF_8));
  }
}

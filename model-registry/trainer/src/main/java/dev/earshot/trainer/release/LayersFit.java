package dev.earshot.trainer.release;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.network.FloatNetwork;
import dev.earshot.trainer.quantize.Quantizer;
import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.tflite.TfliteWriter;
import java.util.List;

/**
 * Whether the layers of a recipe can run on the chips that it is made for, asked before a quarter
 * of an hour of training. An untrained network of these layers goes the whole way to a model file,
 * so that the engine's own chip profiles answer.
 */
final class LayersFit {
  private LayersFit() {}

  /**
   * Does nothing when all is well.
   *
   * @throws IllegalArgumentException naming the chip and every limit that is exceeded
   */
  static void require(Recipe recipe) {
    NdpModel model = untrained(recipe.network());
    for (String chip : recipe.chips()) {
      ChipProfile profile =
          ChipProfile.byId(chip)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "chips: '%s' (expected: one of %s)"
                              .formatted(
                                  chip, ChipProfile.all().stream().map(ChipProfile::id).toList())));
      if (Fit.of(model, profile) instanceof Fit.Exceeds exceeds) {
        throw new IllegalArgumentException(
            "network: %s can't run these layers: %s"
                .formatted(chip, String.join("; ", exceeds.reasons())));
      }
    }
  }

  private static NdpModel untrained(Recipe.Network network) {
    Architecture architecture = network.architecture();
    FloatNetwork layers = FloatNetwork.untrained(architecture, Seeds.random(0, "layers"));
    float[] window = new float[architecture.frames() * Architecture.BINS];
    try {
      return NdpModel.parse(
          TfliteWriter.write(
              Quantizer.quantize(layers, List.of(window), network.weights()), "untrained"));
    } catch (ModelFormatException e) {
      throw new IllegalArgumentException("network: " + e.getMessage(), e);
    }
  }
}

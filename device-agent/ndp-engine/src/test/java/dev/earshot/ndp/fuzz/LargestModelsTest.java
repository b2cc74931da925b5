package dev.earshot.ndp.fuzz;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.earshot.ndp.tflite.ModelFile;
import org.junit.jupiter.api.Test;

/**
 * The largest models that the limits let through, in shapes that cost the most: none may take more
 * time or memory than {@link Attack} allows.
 */
class LargestModelsTest {
  private static final int MOST_WEIGHTS = 1 << 22;
  private static final int MOST_ACTIVATIONS = 1 << 24;
  private static final int MOST_CHANNELS = 1 << 16;

  /** Weights of fewer outputs take the room of as many. */
  private static final int LANES = 16;

  private final ModelFile file = new ModelFile();
  private final Attack attack = new Attack();

  private void assertBounded(int input, int output) {
    assertInstanceOf(
        Outcome.Run.class, attack.on(file.build(new int[] {input}, new int[] {output})));
  }

  private void assertDenseLayerIsBounded(int inputs, int outputs) {
    int input = file.activation("in", 1, 0, 1, inputs);
    int weights =
        file.weights("w", new byte[inputs * outputs], 0, new float[] {1}, outputs, inputs);
    int output = file.activation("out", 1, 0, 1, outputs);
    file.fullyConnected(0, new int[] {input, weights}, output);
    assertBounded(input, output);
  }

  @Test
  void denseLayerOfOneOutput_isBounded() {
    assertDenseLayerIsBounded(MOST_WEIGHTS / LANES, 1);
  }

  @Test
  void denseLayerOfFewInputs_isBounded() {
    assertDenseLayerIsBounded(MOST_WEIGHTS / MOST_CHANNELS, MOST_CHANNELS);
  }

  private void assertConvolutionIsBounded(int inputs, int outputs) {
    int input = file.activation("in", 1, 0, 1, 2, 8, inputs);
    int weights =
        file.weights(
            "w", new byte[2 * inputs * outputs], 0, new float[] {1}, outputs, 2, 1, inputs);
    int output = file.activation("out", 1, 0, 1, 1, 8, outputs);
    file.conv(1, 1, 1, 0, new int[] {input, weights}, output);
    assertBounded(input, output);
  }

  @Test
  void convolutionOfOneOutput_isBounded() {
    assertConvolutionIsBounded(MOST_WEIGHTS / LANES / 2, 1);
  }

  @Test
  void convolutionOfManyOutputs_isBounded() {
    assertConvolutionIsBounded(8, MOST_CHANNELS);
  }

  @Test
  void depthwiseConvolutionOfManyChannels_isBounded() {
    int input = file.activation("in", 1, 0, 1, 8, 8, MOST_CHANNELS);
    int weights =
        file.weights("w", new byte[4 * MOST_CHANNELS], 3, new float[] {1}, 1, 2, 2, MOST_CHANNELS);
    int output = file.activation("out", 1, 0, 1, 7, 7, MOST_CHANNELS);
    file.depthwise(1, 1, 1, 0, new int[] {input, weights}, output);
    assertBounded(input, output);
  }

  @Test
  void narrowImages_areBounded() {
    int side = 1024;
    int input = file.activation("in", 1, 0, 1, side, side, 1);
    int last = input;
    // Each counts with its output and its padded input.
    for (int i = 0; i < MOST_ACTIVATIONS / (2 * side * side) - 1; i++) {
      int next = file.activation("x" + i, 1, 0, 1, side, side, 1);
      file.averagePool(0, 1, 1, 0, last, next);
      last = next;
    }
    assertBounded(input, last);
  }

  @Test
  void manySmallLayers_areBounded() {
    int input = file.activation("in", 1, 0, 1, 1);
    int weights = file.weights("w", new byte[1], 0, new float[] {1}, 1, 1);
    int last = input;
    for (int i = 0; i < 1024; i++) {
      int next = file.activation("x" + i, 1, 0, 1, 1);
      file.fullyConnected(0, new int[] {last, weights}, next);
      last = next;
    }
    assertBounded(input, last);
  }
}

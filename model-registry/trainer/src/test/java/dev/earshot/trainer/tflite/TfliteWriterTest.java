package dev.earshot.trainer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.trainer.TestNetworks;
import dev.earshot.trainer.network.FloatNetwork;
import dev.earshot.trainer.quantize.Affine;
import dev.earshot.trainer.quantize.QuantizedNetwork;
import dev.earshot.trainer.quantize.Quantizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TfliteWriterTest {
  private final FloatNetwork network = TestNetworks.random(3, 2, 16);
  private final List<float[]> windows = TestNetworks.windows(3, 40);
  private final QuantizedNetwork quantized = Quantizer.quantize(network, windows);
  private final byte[] file = TfliteWriter.write(quantized, "a test");

  @Test
  void file_hasTheIdentifierOfItsFormat() {
    assertEquals("TFL3", new String(file, 4, 4, StandardCharsets.US_ASCII));
  }

  @Test
  void sameNetwork_givesTheSameBytes() {
    assertArrayEquals(file, TfliteWriter.write(quantized, "a test"));
  }

  @Test
  void engine_readsWhatWasWritten() throws ModelFormatException {
    NdpModel model = NdpModel.parse(file);

    assertEquals("a test", model.summary().description());
    assertEquals(Affine.FEATURES.scale(), model.input().requireQuantization().scale());
    assertEquals(-128, model.input().requireQuantization().zeroPoint());
    assertEquals(1f / 256, model.output().requireQuantization().scale());
    assertEquals(30 * 40, model.inputElements());
    assertEquals(3, model.outputElements());
    // Depthwise 10 x 40 over 21 frames, 16 x 40 pointwise; then 21 x 16 over one, 16 x 16; 3 x 16.
    assertEquals(21 * (400 + 640) + 336 + 256 + 48, model.summary().macs());
    assertEquals(400 + 40 + 640 + 16 + 336 + 16 + 256 + 16 + 48 + 3, model.summary().parameters());
  }

  @Test
  void engineIntegers_followTheFloatNetwork() throws ModelFormatException {
    Inference inference = NdpModel.parse(file).newInference();

    for (float[] window : windows) {
      byte[] input = new byte[window.length];
      for (int i = 0; i < input.length; i++) {
        input[i] = Affine.FEATURES.quantize(window[i]);
      }
      byte[] output = inference.run(input);
      float[] expected = network.probabilities(window);
      for (int c = 0; c < expected.length; c++) {
        assertEquals(expected[c], Affine.PROBABILITIES.real(output[c]), 0.06, "class " + c);
      }
    }
  }

  @Test
  void probabilities_addUpToOne() throws ModelFormatException {
    byte[] output = NdpModel.parse(file).newInference().run(new byte[30 * 40]);

    double sum = 0;
    for (byte score : output) {
      sum += Affine.PROBABILITIES.real(score);
    }
    assertTrue(Math.abs(sum - 1) < 0.02, "sum " + sum);
  }
}

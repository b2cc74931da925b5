package dev.earshot.trainer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.trainer.TestNetworks;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.network.FloatNetwork;
import dev.earshot.trainer.quantize.Affine;
import dev.earshot.trainer.quantize.QuantizedNetwork;
import dev.earshot.trainer.quantize.Quantizer;
import dev.earshot.trainer.quantize.WeightFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** NDP101's own network, untrained, from floating point to a file with packed int4 weights. */
class Int4NetworkTest {
  private final FloatNetwork network =
      FloatNetwork.untrained(
          new Architecture.FullyConnected(List.of(256, 256, 256)), Seeds.random(5));
  private final List<float[]> windows = TestNetworks.windows(5, 12, 40);
  private final QuantizedNetwork quantized =
      Quantizer.quantize(network, windows, WeightFormat.INT4);
  private final byte[] file = TfliteWriter.write(quantized, "four bits");

  @Test
  void file_fitsNdp101() throws ModelFormatException {
    NdpModel model = NdpModel.parse(file);

    assertInstanceOf(Fit.Fits.class, Fit.of(model, ChipProfile.NDP101));
    int weights = 1600 * 256 + 256 * 256 + 256 * 256 + 256 * 3;
    int biases = 256 + 256 + 256 + 3;
    assertEquals(weights + biases, model.summary().parameters());
    assertEquals(weights / 2 + 4 * biases, model.summary().weightBytes());
    assertEquals("1x40x1x40", model.input().shape().toString());
  }

  @Test
  void everyWeight_isUnpackedAsItWasQuantized() throws ModelFormatException {
    NdpModel model = NdpModel.parse(file);

    for (int i = 0; i < 4; i++) {
      var weights = model.graph().operators().get(i + 1).constants().getFirst();
      QuantizedNetwork.Layer layer = i < 3 ? quantized.hidden().get(i) : quantized.output();
      assertEquals(ElementType.INT4, weights.type());
      assertArrayEquals(layer.weights(), weights.weightValues());
      assertEquals(layer.outputs(), weights.requireQuantization().scales().size());
    }
  }

  @Test
  void engineIntegers_followTheNetworkOfTheQuantizedWeights() throws ModelFormatException {
    Inference inference = NdpModel.parse(file).newInference();
    FloatNetwork exact =
        new FloatNetwork(
            List.of(),
            quantized.hidden().stream().map(Int4NetworkTest::real).toList(),
            real(quantized.output()));
    // The biases' steps depend on the scale of what comes in.
    float scale = quantized.input().scale();
    for (int i = 0; i < 4; i++) {
      QuantizedNetwork.Layer layer = i < 3 ? quantized.hidden().get(i) : quantized.output();
      float[] bias = (i < 3 ? exact.hidden().get(i) : exact.output()).bias();
      for (int o = 0; o < bias.length; o++) {
        bias[o] = scale * layer.weightScales()[o] * layer.bias()[o];
      }
      scale = layer.activation().scale();
    }

    for (float[] window : windows) {
      byte[] input = new byte[window.length];
      for (int i = 0; i < input.length; i++) {
        input[i] = Affine.FEATURES.quantize(window[i]);
      }
      byte[] output = inference.run(input);
      float[] expected = exact.probabilities(window);
      for (int c = 0; c < expected.length; c++) {
        assertEquals(expected[c], Affine.PROBABILITIES.real(output[c]), 0.03, "class " + c);
      }
    }
  }

  private static FloatNetwork.Dense real(QuantizedNetwork.Layer layer) {
    float[] weights = new float[layer.weights().length];
    int inputs = weights.length / layer.outputs();
    for (int w = 0; w < weights.length; w++) {
      weights[w] = layer.weightScales()[w / inputs] * layer.weights()[w];
    }
    return new FloatNetwork.Dense(weights, new float[layer.outputs()]);
  }
}

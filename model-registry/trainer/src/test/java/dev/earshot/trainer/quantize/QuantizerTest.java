package dev.earshot.trainer.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.trainer.TestNetworks;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.network.FloatNetwork;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class QuantizerTest {
  @Property
  void zero_isMetExactly(
      @ForAll @FloatRange(min = -1e4f, max = 1e4f) float a,
      @ForAll @FloatRange(min = -1e4f, max = 1e4f) float b) {
    Affine affine = Affine.covering(Math.min(a, b), Math.max(a, b));

    assertEquals(0f, affine.real(affine.quantize(0)));
  }

  @Property
  void valueInRange_isMetWithinAStep(
      @ForAll @FloatRange(min = -1e4f, max = 1e4f) float a,
      @ForAll @FloatRange(min = -1e4f, max = 1e4f) float b,
      @ForAll @FloatRange(min = 0, max = 1) float at) {
    float low = Math.min(a, b);
    float high = Math.max(a, b);
    Affine affine = Affine.covering(low, high);
    float value = low + (high - low) * at;

    // Half a step of rounding, and up to half a step that meeting zero moves the ends by.
    assertTrue(
        Math.abs(affine.real(affine.quantize(value)) - value) <= 1.001f * affine.scale() + 1e-3f,
        value + " in " + affine);
  }

  @Property
  void valueOutOfRange_saturates(@ForAll @FloatRange(min = 1, max = 1e6f) float beyond) {
    Affine affine = Affine.covering(-1, 1);

    assertEquals(127, affine.quantize(1.1f * beyond));
    assertEquals(-128, affine.quantize(-1.1f * beyond));
  }

  @Property(tries = 50)
  void everyWeight_isWithinHalfAStepOfItsFloat(@ForAll long seed) {
    FloatNetwork network = TestNetworks.random(seed, 2, 8);
    QuantizedNetwork quantized = Quantizer.quantize(network, TestNetworks.windows(seed, 5));

    for (int b = 0; b < network.blocks().size(); b++) {
      float[] weights = network.blocks().get(b).pointwise();
      QuantizedNetwork.Layer layer = quantized.blocks().get(b).pointwise();
      int inputs = network.blocks().get(b).inputs();
      for (int w = 0; w < weights.length; w++) {
        float scale = layer.weightScales()[w / inputs];
        assertEquals(weights[w], layer.weights()[w] * scale, 0.5001 * scale);
      }
    }
  }

  @Property(tries = 20)
  void int4Weights_useTheirRangeAndErrLessThanBareRounding(@ForAll long seed) {
    FloatNetwork network =
        FloatNetwork.untrained(
            new Architecture.FullyConnected(List.of(4)), Seeds.random(seed, "int4"));
    QuantizedNetwork quantized =
        Quantizer.quantize(network, TestNetworks.windows(seed, 2, 40), WeightFormat.INT4);
    float[] weights = network.hidden().getFirst().weights();
    QuantizedNetwork.Layer layer = quantized.hidden().getFirst();

    for (int o = 0; o < 4; o++) {
      float largest = 0;
      for (int i = 0; i < 1600; i++) {
        largest = Math.max(largest, Math.abs(weights[o * 1600 + i]));
      }
      double error = 0;
      double bare = 0;
      int peak = 0;
      for (int i = 0; i < 1600; i++) {
        float weight = weights[o * 1600 + i];
        int value = layer.weights()[o * 1600 + i];
        peak = Math.max(peak, Math.abs(value));
        error += Math.pow(weight - value * layer.weightScales()[o], 2);
        float step = largest / 7;
        bare += Math.pow(weight - step * Math.round(weight / step), 2);
      }
      assertEquals(7, peak);
      assertTrue(error <= bare * 1.0001, error + " > " + bare);
    }
  }

  @Test
  void hugeBiasOnTinyWeights_coarsensTheWeightsInsteadOfOverflowing() {
    FloatNetwork network = TestNetworks.random(1, 1, 4);
    float[] bias = network.output().bias().clone();
    bias[0] = 1e9f;
    FloatNetwork extreme =
        new FloatNetwork(
            network.blocks(), new FloatNetwork.Dense(network.output().weights(), bias));

    QuantizedNetwork quantized = Quantizer.quantize(extreme, TestNetworks.windows(1, 3));

    double step =
        (double) quantized.blocks().getLast().pointwise().activation().scale()
            * quantized.output().weightScales()[0];
    assertEquals(1e9, quantized.output().bias()[0] * step, 1e3);
  }

  @Test
  void int4Convolutions_areRefused() {
    FloatNetwork network = TestNetworks.random(1, 1, 4);
    List<float[]> windows = TestNetworks.windows(1, 1);

    assertEquals(
        "weights: int4 with convolutions (expected: int8, or fully connected layers only)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Quantizer.quantize(network, windows, WeightFormat.INT4))
            .getMessage());
  }

  @Test
  void noWindows_areRefused() {
    FloatNetwork network = TestNetworks.random(1, 1, 4);

    assertEquals(
        "calibration: no windows (expected: at least one)",
        assertThrows(IllegalArgumentException.class, () -> Quantizer.quantize(network, List.of()))
            .getMessage());
  }
}

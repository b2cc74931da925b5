package dev.earshot.trainer.quantize;

import dev.earshot.trainer.network.FloatNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Post-training quantization to int8 by TensorFlow Lite's scheme (Jacob et al. 2018): weights
 * symmetric, one scale for each output channel of a convolution and one for the whole fully
 * connected layer; activations affine, their ranges the extremes seen on calibration windows;
 * biases 32 bit in steps of input scale times weight scale.
 */
public final class Quantizer {
  /** A bias beyond this would leave the accumulator no room; the weights' scale is coarsened. */
  private static final double LARGEST_BIAS = 1 << 30;

  private Quantizer() {}

  /**
   * The network in integers.
   *
   * @param windows of features, [frames][bins] each, at least one
   */
  public static QuantizedNetwork quantize(FloatNetwork network, List<float[]> windows) {
    Map<String, Affine> activations = calibrate(network, windows);
    List<QuantizedNetwork.Block> blocks = new ArrayList<>();
    Affine input = Affine.FEATURES;
    for (int i = 0; i < network.blocks().size(); i++) {
      FloatNetwork.Block block = network.blocks().get(i);
      Affine between = at(activations, "depthwise" + i);
      Affine after = at(activations, "pointwise" + i);
      int channels = block.inputs();
      QuantizedNetwork.Layer depthwise =
          layer(
              block.depthwise(),
              block.depthwiseBias(),
              input,
              between,
              w -> w % channels,
              channels);
      QuantizedNetwork.Layer pointwise =
          layer(
              block.pointwise(),
              block.pointwiseBias(),
              between,
              after,
              w -> w / channels,
              block.outputs());
      blocks.add(new QuantizedNetwork.Block(block.time(), depthwise, pointwise));
      input = after;
    }
    FloatNetwork.Dense dense = network.output();
    QuantizedNetwork.Layer output =
        layer(dense.weights(), dense.bias(), input, at(activations, "logits"), w -> 0, 1);
    return new QuantizedNetwork(Affine.FEATURES, blocks, output);
  }

  private static Map<String, Affine> calibrate(FloatNetwork network, List<float[]> windows) {
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("calibration: no windows (expected: at least one)");
    }
    Map<String, float[]> extremes = new HashMap<>();
    for (float[] window : windows) {
      network.logits(
          window,
          (name, values) -> {
            float[] seen = extremes.computeIfAbsent(name, n -> new float[2]);
            for (float value : values) {
              seen[0] = Math.min(seen[0], value);
              seen[1] = Math.max(seen[1], value);
            }
          });
    }
    Map<String, Affine> activations = new HashMap<>();
    extremes.forEach((name, seen) -> activations.put(name, Affine.covering(seen[0], seen[1])));
    return activations;
  }

  private static Affine at(Map<String, Affine> activations, String name) {
    Affine affine = activations.get(name);
    if (affine == null) {
      throw new IllegalStateException("the network never showed its activation " + name);
    }
    return affine;
  }

  /**
   * @param channelOf to which scale a weight belongs
   * @param channels how many scales: one for each output, or one for all
   */
  private static QuantizedNetwork.Layer layer(
      float[] weights,
      float[] bias,
      Affine input,
      Affine output,
      IntUnaryOperator channelOf,
      int channels) {
    float[] scales = new float[channels];
    for (int w = 0; w < weights.length; w++) {
      int channel = channelOf.applyAsInt(w);
      scales[channel] = Math.max(scales[channel], Math.abs(weights[w]) / 127);
    }
    for (int o = 0; o < bias.length; o++) {
      int channel = channels == 1 ? 0 : o;
      double atLeast = Math.abs(bias[o]) / (input.scale() * LARGEST_BIAS);
      scales[channel] = (float) Math.max(Math.max(scales[channel], 1e-9), atLeast);
    }
    byte[] quantized = new byte[weights.length];
    for (int w = 0; w < weights.length; w++) {
      float scale = scales[channelOf.applyAsInt(w)];
      quantized[w] = (byte) Math.clamp(Math.round(weights[w] / scale), -127, 127);
    }
    int[] biases = new int[bias.length];
    for (int o = 0; o < bias.length; o++) {
      double step = (double) input.scale() * scales[channels == 1 ? 0 : o];
      biases[o] = (int) Math.round(bias[o] / step);
    }
    return new QuantizedNetwork.Layer(quantized, scales, biases, output);
  }
}

package dev.earshot.trainer.quantize;

import dev.earshot.trainer.network.FloatNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Post-training quantization by TensorFlow Lite's scheme (Jacob et al. 2018): weights symmetric;
 * activations affine in int8, their ranges the extremes seen on calibration windows; biases 32 bit
 * in steps of input scale times weight scale. Weights in int8 have one scale for each output
 * channel of a convolution and one for a whole fully connected layer, which meet the largest
 * weight. Weights in int4 have one for each output everywhere: with 15 values to share, the scale
 * is the one that leaves the least squared error, even when it clips the largest weights.
 */
public final class Quantizer {
  /** Scales that are tried for int4: fractions of the one that meets the largest weight. */
  private static final int SCALE_STEPS = 40;

  private static final double SMALLEST_FRACTION = 0.4;

  /** A bias beyond this would leave the accumulator no room; the weights' scale is coarsened. */
  private static final double LARGEST_BIAS = 1 << 30;

  private Quantizer() {}

  /** The network in integers, its weights in int8. */
  public static QuantizedNetwork quantize(FloatNetwork network, List<float[]> windows) {
    return quantize(network, windows, WeightFormat.INT8);
  }

  /**
   * The network in integers.
   *
   * @param windows of features, [frames][bins] each, at least one
   */
  public static QuantizedNetwork quantize(
      FloatNetwork network, List<float[]> windows, WeightFormat format) {
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
              channels,
              format);
      QuantizedNetwork.Layer pointwise =
          layer(
              block.pointwise(),
              block.pointwiseBias(),
              between,
              after,
              w -> w / channels,
              block.outputs(),
              format);
      blocks.add(new QuantizedNetwork.Block(block.time(), depthwise, pointwise));
      input = after;
    }
    List<QuantizedNetwork.Layer> hidden = new ArrayList<>();
    for (int i = 0; i < network.hidden().size(); i++) {
      Affine after = at(activations, "hidden" + i);
      hidden.add(dense(network.hidden().get(i), input, after, format));
      input = after;
    }
    QuantizedNetwork.Layer output =
        dense(network.output(), input, at(activations, "logits"), format);
    return new QuantizedNetwork(format, network.frames(), Affine.FEATURES, blocks, hidden, output);
  }

  private static QuantizedNetwork.Layer dense(
      FloatNetwork.Dense layer, Affine input, Affine output, WeightFormat format) {
    int inputs = layer.inputs();
    return switch (format) {
      case INT8 -> layer(layer.weights(), layer.bias(), input, output, w -> 0, 1, format);
      case INT4 ->
          layer(
              layer.weights(),
              layer.bias(),
              input,
              output,
              w -> w / inputs,
              layer.bias().length,
              format);
    };
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
      int channels,
      WeightFormat format) {
    int largest = format.largest();
    float[] scales = new float[channels];
    for (int w = 0; w < weights.length; w++) {
      int channel = channelOf.applyAsInt(w);
      scales[channel] = Math.max(scales[channel], Math.abs(weights[w]) / largest);
    }
    if (format == WeightFormat.INT4) {
      leastError(weights, scales, channelOf, largest);
    }
    for (int o = 0; o < bias.length; o++) {
      int channel = channels == 1 ? 0 : o;
      double atLeast = Math.abs(bias[o]) / (input.scale() * LARGEST_BIAS);
      scales[channel] = (float) Math.max(Math.max(scales[channel], 1e-9), atLeast);
    }
    byte[] quantized = new byte[weights.length];
    for (int w = 0; w < weights.length; w++) {
      float scale = scales[channelOf.applyAsInt(w)];
      quantized[w] = (byte) Math.clamp(Math.round(weights[w] / scale), -largest, largest);
    }
    int[] biases = new int[bias.length];
    for (int o = 0; o < bias.length; o++) {
      double step = (double) input.scale() * scales[channels == 1 ? 0 : o];
      biases[o] = (int) Math.round(bias[o] / step);
    }
    return new QuantizedNetwork.Layer(quantized, scales, biases, output);
  }

  /** Replaces each channel's scale by the fraction of it that leaves the least squared error. */
  private static void leastError(
      float[] weights, float[] scales, IntUnaryOperator channelOf, int largest) {
    float[] best = scales.clone();
    double[] least = new double[scales.length];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (int step = 0; step <= SCALE_STEPS; step++) {
      float fraction = (float) (1 - step * (1 - SMALLEST_FRACTION) / SCALE_STEPS);
      double[] errors = new double[scales.length];
      for (int w = 0; w < weights.length; w++) {
        int channel = channelOf.applyAsInt(w);
        float scale = Math.max(scales[channel] * fraction, Float.MIN_NORMAL);
        double error =
            weights[w] - scale * Math.clamp(Math.round(weights[w] / scale), -largest, largest);
        errors[channel] += error * error;
      }
      for (int channel = 0; channel < scales.length; channel++) {
        if (errors[channel] < least[channel]) {
          least[channel] = errors[channel];
          best[channel] = scales[channel] * fraction;
        }
      }
    }
    System.arraycopy(best, 0, scales, 0, scales.length);
  }
}

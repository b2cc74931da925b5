package dev.earshot.trainer.quantize;

import java.util.List;

/**
 * The network in integers, ready to be written as a model file.
 *
 * @param weights how all weights are stored
 * @param frames of the window
 * @param input of the window
 * @param blocks of convolutions, in order; may be none
 * @param hidden fully connected layers with ReLU, in order; may be none
 * @param output the last fully connected layer
 */
public record QuantizedNetwork(
    WeightFormat weights,
    int frames,
    Affine input,
    List<Block> blocks,
    List<Layer> hidden,
    Layer output) {
  public QuantizedNetwork {
    if (weights == WeightFormat.INT4 && !blocks.isEmpty()) {
      throw new IllegalArgumentException(
          "weights: int4 with convolutions (expected: int8, or fully connected layers only)");
    }
    blocks = List.copyOf(blocks);
    hidden = List.copyOf(hidden);
  }

  /**
   * Two convolutions.
   *
   * @param time length of the depthwise kernel
   * @param depthwise weights [time][channels], no activation
   * @param pointwise weights [outputs][inputs], ReLU
   */
  public record Block(int time, Layer depthwise, Layer pointwise) {}

  /**
   * One layer: real weight = weightScales[channel] * weights[..], real bias = input scale *
   * weightScales[channel] * bias[channel]. One scale for each output channel, or a single one for
   * all.
   *
   * @param weights symmetric, -127 to 127, or -7 to 7 in int4
   * @param weightScales one, or as many as outputs
   * @param bias one for each output
   * @param activation quantization of what comes out
   */
  @SuppressWarnings("ArrayRecordComponent") // weights, never compared
  public record Layer(byte[] weights, float[] weightScales, int[] bias, Affine activation) {
    public int outputs() {
      return bias.length;
    }
  }
}

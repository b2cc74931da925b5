package dev.earshot.trainer.quantize;

import java.util.List;

/**
 * The network in integers, ready to be written as a model file.
 *
 * @param input of the window
 * @param blocks in order
 * @param output the fully connected layer
 */
public record QuantizedNetwork(Affine input, List<Block> blocks, Layer output) {
  public QuantizedNetwork {
    blocks = List.copyOf(blocks);
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
   * @param weights symmetric, -127 to 127
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

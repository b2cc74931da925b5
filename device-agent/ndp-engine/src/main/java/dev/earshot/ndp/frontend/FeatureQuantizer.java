package dev.earshot.ndp.frontend;

import dev.earshot.ndp.graph.Quantization;

/**
 * Turns features into a model's int8 input: {@code trunc(x / scale + zeroPoint)}, saturating. The
 * truncation toward zero (and not rounding) is that of both of MLPerf Tiny's audio benchmarks (the
 * wake word's runner; {@code eval_quantized_model.py} and {@code make_bin_files.py} of keyword
 * spotting, whose cast would let a value out of range wrap around).
 *
 * @param scale of the model's input
 * @param zeroPoint of the model's input
 */
public record FeatureQuantizer(float scale, int zeroPoint) {
  public static FeatureQuantizer of(Quantization quantization) {
    return new FeatureQuantizer(quantization.scale(), quantization.zeroPoint());
  }

  public byte quantize(float feature) {
    int value = (int) ((double) feature / scale + zeroPoint);
    return (byte) Math.clamp(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** Quantizes a frame to {@code output[offset...]}. */
  public void quantize(float[] features, byte[] output, int offset) {
    for (int i = 0; i < features.length; i++) {
      output[offset + i] = quantize(features[i]);
    }
  }
}

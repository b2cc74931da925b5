package dev.earshot.ndp.graph;

import java.util.List;

/**
 * How integers stand for real numbers: {@code real = scale * (q - zeroPoint)}. One scale for the
 * whole tensor, or one for each index along {@code axis} (per channel).
 *
 * @param scales one, or one per channel; each positive and finite
 * @param zeroPoints as many as scales
 * @param axis the dimension that the scales run along; meaningless for a single scale
 */
public record Quantization(List<Float> scales, List<Integer> zeroPoints, int axis) {
  public Quantization {
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
    if (scales.isEmpty()) {
      throw new IllegalArgumentException("scales: none (expected: at least one)");
    }
    if (scales.size() != zeroPoints.size()) {
      throw new IllegalArgumentException(
          "zero points: "
              + zeroPoints.size()
              + " (expected: one per scale, "
              + scales.size()
              + ")");
    }
    for (float scale : scales) {
      if (!(scale > 0) || Float.isInfinite(scale)) {
        throw new IllegalArgumentException("scale: " + scale + " (expected: positive, finite)");
      }
    }
  }

  public static Quantization perTensor(float scale, int zeroPoint) {
    return new Quantization(List.of(scale), List.of(zeroPoint), 0);
  }

  public boolean isPerChannel() {
    return scales.size() > 1;
  }

  /** The scale of the whole tensor, or of a channel when there is one per channel. */
  public float scale(int channel) {
    return scales.get(isPerChannel() ? channel : 0);
  }

  /** The scale of a per-tensor quantization. */
  public float scale() {
    return scales.getFirst();
  }

  /** The zero point of a per-tensor quantization. */
  public int zeroPoint() {
    return zeroPoints.getFirst();
  }

  /**
   * The int8 value for a real one, in a per-tensor quantization: {@code clamp(round(real / scale) +
   * zeroPoint)}, halves away from zero, in single precision. TFLite's QUANTIZE, which stands at the
   * beginning of a model with a float32 input; NaN, for which TFLite has no answer, is 0 here.
   */
  public byte quantize(float real) {
    float steps = real / scale();
    double rounded = Math.floor(Math.abs((double) steps) + 0.5);
    return (byte)
        Math.clamp(
            (long) Math.copySign(rounded, steps) + zeroPoint(), Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /**
   * The real value of an int8 one, in a per-tensor quantization: TFLite's DEQUANTIZE, which stands
   * at the end of a model with a float32 output.
   */
  public float dequantize(byte value) {
    return scale() * (value - zeroPoint());
  }
}

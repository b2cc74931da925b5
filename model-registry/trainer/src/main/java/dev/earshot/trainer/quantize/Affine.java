package dev.earshot.trainer.quantize;

/**
 * How int8 numbers stand for real ones: real = scale * (q - zeroPoint), q in [-128, 127].
 *
 * @param scale above zero
 * @param zeroPoint the int8 that stands for zero exactly
 */
public record Affine(float scale, int zeroPoint) {
  /** The streaming wake-word front end's own quantization of its features. */
  public static final Affine FEATURES = new Affine(0.0037010426f, -128);

  /** What TensorFlow Lite demands of an int8 softmax: probabilities in steps of 1/256. */
  public static final Affine PROBABILITIES = new Affine(1f / 256, -128);

  public Affine {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException("scale: " + scale + " (expected: above 0, finite)");
    }
    if (zeroPoint < -128 || zeroPoint > 127) {
      throw new IllegalArgumentException("zeroPoint: " + zeroPoint + " (expected: -128 to 127)");
    }
  }

  /**
   * The finest that covers a range. The range is widened to contain zero, and zero is met exactly,
   * which moves the ends by at most half a step.
   */
  public static Affine covering(float low, float high) {
    float min = Math.min(0, low);
    float max = Math.max(0, high);
    float scale = Math.max((max - min) / 255, 1e-6f);
    int zeroPoint = Math.clamp(Math.round(-128 - min / scale), -128, 127);
    return new Affine(scale, zeroPoint);
  }

  /** The nearest int8, saturating. */
  public byte quantize(float real) {
    return (byte) Math.clamp(Math.round((double) real / scale) + zeroPoint, -128, 127);
  }

  /** What an int8 stands for. */
  public float real(int q) {
    return scale * (q - zeroPoint);
  }
}

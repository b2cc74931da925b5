package dev.earshot.ndp.kernel;

/**
 * Which TensorFlow Lite's integer results to reproduce bit for bit. The profiles differ only in how
 * FULLY_CONNECTED scales its accumulator; all other operators are alike.
 */
public enum Rounding {
  /**
   * TFLite 2.20 and later: FULLY_CONNECTED multiplies the accumulator by the real scale in double
   * precision and rounds once, half away from zero.
   */
  TFLITE_2_20,
  /**
   * TFLite up to 2.19 and TFLite Micro: FULLY_CONNECTED scales in fixed point with two roundings,
   * like every other operator.
   */
  TFLITE_LEGACY
}

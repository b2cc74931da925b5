package dev.earshot.ndp.differential;

/**
 * Scales of a layer that sums products, drawn so that its outputs use their range: an output scale
 * at random would nearly always saturate or be zero.
 */
record Accumulation(float[] weightScales, float outputScale, double typicalSum) {
  /** Standard deviation of a random int8 times that of one less a random zero point. */
  private static final double TYPICAL_PRODUCT = 74.0 * 100;

  private static final double TYPICAL_OUTPUT = 40;

  /** Above this the fixed-point multiplier would shift a typical sum out of 32 bits. */
  private static final double MOST_MULTIPLIER = 64;

  /**
   * @param depth products in a sum
   * @param scales 1, or the number of output channels
   */
  static Accumulation draw(Draw draw, Port input, int depth, int scales) {
    double typicalSum = Math.sqrt(depth) * TYPICAL_PRODUCT;
    float middle = draw.scale(1e-3, 1e-1);
    float[] weightScales = new float[scales];
    float largest = 0;
    for (int i = 0; i < scales; i++) {
      weightScales[i] = middle * (scales == 1 ? 1 : draw.scale(0.25, 4));
      largest = Math.max(largest, weightScales[i]);
    }
    double wanted =
        input.scale()
            * middle
            * typicalSum
            / TYPICAL_OUTPUT
            * draw.scale(0.1, 10)
            / (draw.oneIn(8) ? draw.scale(10, 1000) : 1);
    double least = input.scale() * largest / MOST_MULTIPLIER;
    return new Accumulation(
        weightScales, (float) Math.max(Draw.LEAST_SCALE, Math.max(wanted, least)), typicalSum);
  }

  boolean perChannel() {
    return weightScales.length > 1;
  }
}

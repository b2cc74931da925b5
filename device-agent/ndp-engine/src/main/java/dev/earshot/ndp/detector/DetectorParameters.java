package dev.earshot.ndp.detector;

/**
 * When scores become a wake. Travels with a release.
 *
 * @param wakeClass index of the wake word among the model's outputs
 * @param thresholdScore int8 score; wake when the smoothed score is above it (so 127 never wakes)
 * @param smoothingFrames scores in the moving average, 1 for none
 * @param refractoryMillis audio time after a wake in which no other is reported; 0 for none
 */
public record DetectorParameters(
    int wakeClass, int thresholdScore, int smoothingFrames, int refractoryMillis) {

  /** MLPerf Tiny's streaming wake-word rule: P(word) above 0.95, no smoothing, 1 s debounce. */
  public static final DetectorParameters STREAMING_WAKE_WORD =
      new DetectorParameters(0, 115, 1, 1000);

  public DetectorParameters {
    require(wakeClass >= 0, "wakeClass", wakeClass, ">= 0");
    require(
        thresholdScore >= Byte.MIN_VALUE && thresholdScore <= Byte.MAX_VALUE,
        "thresholdScore",
        thresholdScore,
        "-128 to 127");
    require(
        smoothingFrames >= 1 && smoothingFrames <= 256,
        "smoothingFrames",
        smoothingFrames,
        "1 to 256");
    require(
        refractoryMillis >= 0 && refractoryMillis <= 3_600_000,
        "refractoryMillis",
        refractoryMillis,
        "0 to 3600000");
  }

  private static void require(boolean holds, String name, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "detector " + name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

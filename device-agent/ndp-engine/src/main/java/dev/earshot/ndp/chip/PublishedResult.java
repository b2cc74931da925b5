package dev.earshot.ndp.chip;

import java.util.List;

/**
 * One published MLPerf Tiny result: a single inference at a time.
 *
 * @param task keyword spotting, image classification or visual wake words
 * @param macs multiply-accumulates of that task's reference model
 * @param millis latency of one inference
 * @param microjoules energy of one inference
 */
public record PublishedResult(String task, long macs, double millis, double microjoules) {
  private static final long KEYWORDS = 2_656_768;
  private static final long IMAGES = 12_501_632;
  private static final long PERSONS = 7_489_664;

  /** MLPerf Tiny v1.0, Syntiant NDP120 at 0.9 V and 30.7 MHz. */
  public static final List<PublishedResult> NDP120_900_MILLIVOLTS =
      List.of(
          new PublishedResult("keyword spotting", KEYWORDS, 4.37, 31.5),
          new PublishedResult("image classification", IMAGES, 15.97, 101.8),
          new PublishedResult("visual wake words", PERSONS, 12.72, 71.7));

  /** MLPerf Tiny v1.0, Syntiant NDP120 at 1.1 V and 98.7 MHz. */
  public static final List<PublishedResult> NDP120_1100_MILLIVOLTS =
      List.of(
          new PublishedResult("keyword spotting", KEYWORDS, 1.48, 43.8),
          new PublishedResult("image classification", IMAGES, 5.12, 139.4),
          new PublishedResult("visual wake words", PERSONS, 4.10, 97.2));
}

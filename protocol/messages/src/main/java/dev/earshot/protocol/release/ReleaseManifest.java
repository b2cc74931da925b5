package dev.earshot.protocol.release;

import dev.earshot.protocol.Digest;
import java.time.Instant;
import java.util.List;

/**
 * What a publisher signs: which files make up a release, for which chips, and with which detector.
 *
 * @param release its name and version
 * @param counter only grows within a name; devices never go back to a lower one unless told so
 *     explicitly
 * @param expires after this instant devices no longer install it
 * @param chips the chips that it may run on, such as {@code ndp120}
 * @param description one line for people
 * @param model the {@code .tflite}
 * @param selfTest windows of input with the exact outputs that the device must reproduce (a {@code
 *     SelfTest} message)
 * @param evaluation an {@link Evaluation} as JSON
 * @param card the release's card as YAML
 * @param detector how scores become wakes
 * @param frontEnd name of the audio front end that the model was trained with
 */
public record ReleaseManifest(
    ReleaseRef release,
    int counter,
    Instant expires,
    List<String> chips,
    String description,
    Target model,
    Target selfTest,
    Target evaluation,
    Target card,
    Detector detector,
    String frontEnd) {

  public ReleaseManifest {
    if (counter < 1) {
      throw new IllegalArgumentException("counter: " + counter + " (expected: >= 1)");
    }
    if (chips.isEmpty() || chips.size() > 8) {
      throw new IllegalArgumentException("chips: " + chips + " (expected: 1 to 8 chip names)");
    }
    if (description.length() > 200) {
      throw new IllegalArgumentException(
          "description: " + description.length() + " characters (expected: at most 200)");
    }
    chips = List.copyOf(chips);
  }

  /**
   * A file by content.
   *
   * @param digest its SHA-256
   * @param length its bytes, 1 to 16 MiB
   */
  public record Target(Digest digest, int length) {
    private static final int LONGEST = 16 << 20;

    public Target {
      if (length < 1 || length > LONGEST) {
        throw new IllegalArgumentException(
            "length: " + length + " bytes (expected: 1 to " + LONGEST + ")");
      }
    }

    public static Target of(byte[] content) {
      return new Target(Digest.of(content), content.length);
    }
  }

  /**
   * How the chip turns scores into wakes.
   *
   * @param wakeClass index of the wake word in the model's output
   * @param thresholdScore int8 score; a smoothed score above it wakes
   * @param smoothingFrames over how many inferences the score is averaged, 1 to 64
   * @param refractoryMillis after a wake, how long nothing wakes again
   */
  public record Detector(
      int wakeClass, int thresholdScore, int smoothingFrames, int refractoryMillis) {
    public Detector {
      require(wakeClass >= 0 && wakeClass < 64, "wakeClass", wakeClass, "0 to 63");
      require(
          thresholdScore >= -128 && thresholdScore <= 127,
          "thresholdScore",
          thresholdScore,
          "-128 to 127");
      require(
          smoothingFrames >= 1 && smoothingFrames <= 64,
          "smoothingFrames",
          smoothingFrames,
          "1 to 64");
      require(
          refractoryMillis >= 0 && refractoryMillis <= 60_000,
          "refractoryMillis",
          refractoryMillis,
          "0 to 60000");
    }

    private static void require(boolean holds, String field, int value, String expected) {
      if (!holds) {
        throw new IllegalArgumentException(
            "detector." + field + ": " + value + " (expected: " + expected + ")");
      }
    }
  }
}

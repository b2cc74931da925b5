package dev.earshot.protocol.release;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.earshot.protocol.Digest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
   * How the chip turns scores into wakes: the release's own word, and further ones where the model
   * knows several. The first word is the one that an evaluation measures and a fleet tunes.
   *
   * @param wakeClass index of the wake word in the model's output, 0 to 63
   * @param thresholdScore int8 score; a smoothed score above it wakes
   * @param smoothingFrames over how many inferences the score is averaged, 1 to 64
   * @param refractoryMillis after a wake, how long it does not wake again, 0 to 60000
   * @param words further words, at most 62, of other outputs; none in most releases
   */
  public record Detector(
      int wakeClass,
      int thresholdScore,
      int smoothingFrames,
      int refractoryMillis,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Word> words) {
    private static final int MOST_WORDS = 62;

    public Detector {
      requireParameters("detector.", wakeClass, thresholdScore, smoothingFrames, refractoryMillis);
      words = List.copyOf(words);
      if (words.size() > MOST_WORDS) {
        throw new IllegalArgumentException(
            "detector.words: " + words.size() + " (expected: at most " + MOST_WORDS + ")");
      }
      Set<Integer> classes = new HashSet<>(Set.of(wakeClass));
      Set<String> labels = new HashSet<>();
      for (Word word : words) {
        require(
            classes.add(word.wakeClass()),
            "detector.words." + word.label() + ".wakeClass",
            word.wakeClass(),
            "a class that is no other word's");
        require(labels.add(word.label()), "detector.words.label", word.label(), "no label twice");
      }
    }

    /** One word. */
    public Detector(int wakeClass, int thresholdScore, int smoothingFrames, int refractoryMillis) {
      this(wakeClass, thresholdScore, smoothingFrames, refractoryMillis, List.of());
    }

    /** As it stands in JSON and YAML, where {@code words} may be missing. */
    @JsonCreator
    static Detector of(
        @JsonProperty(value = "wakeClass", required = true) int wakeClass,
        @JsonProperty(value = "thresholdScore", required = true) int thresholdScore,
        @JsonProperty(value = "smoothingFrames", required = true) int smoothingFrames,
        @JsonProperty(value = "refractoryMillis", required = true) int refractoryMillis,
        @JsonProperty("words") @Nullable List<Word> words) {
      return new Detector(
          wakeClass,
          thresholdScore,
          smoothingFrames,
          refractoryMillis,
          words == null ? List.of() : words);
    }

    /** The same with another threshold of its first word. */
    public Detector withThreshold(int score) {
      return new Detector(wakeClass, score, smoothingFrames, refractoryMillis, words);
    }

    private static void requireParameters(
        String path, int wakeClass, int threshold, int smoothingFrames, int refractoryMillis) {
      require(wakeClass >= 0 && wakeClass < 64, path + "wakeClass", wakeClass, "0 to 63");
      require(
          threshold >= -128 && threshold <= 127, path + "thresholdScore", threshold, "-128 to 127");
      require(
          smoothingFrames >= 1 && smoothingFrames <= 64,
          path + "smoothingFrames",
          smoothingFrames,
          "1 to 64");
      require(
          refractoryMillis >= 0 && refractoryMillis <= 60_000,
          path + "refractoryMillis",
          refractoryMillis,
          "0 to 60000");
    }

    private static void require(boolean holds, String field, Object value, String expected) {
      if (!holds) {
        throw new IllegalArgumentException(field + ": " + value + " (expected: " + expected + ")");
      }
    }
  }

  /**
   * A further word. Its parameters mean what those of the {@link Detector} mean.
   *
   * @param label what devices report when it wakes: 1 to 32 letters, digits, dashes or underscores;
   *     not {@value #WAKE}, which is the first word's
   */
  public record Word(
      @JsonProperty(required = true) String label,
      @JsonProperty(required = true) int wakeClass,
      @JsonProperty(required = true) int thresholdScore,
      @JsonProperty(required = true) int smoothingFrames,
      @JsonProperty(required = true) int refractoryMillis) {
    /** What the first word is called. */
    public static final String WAKE = "wake";

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    public Word {
      Detector.require(
          LABEL.matcher(label).matches() && !label.equals(WAKE),
          "detector.words.label",
          "'" + label + "'",
          "1 to 32 letters, digits, dashes or underscores, and not " + WAKE);
      Detector.requireParameters(
          "detector.words." + label + ".",
          wakeClass,
          thresholdScore,
          smoothingFrames,
          refractoryMillis);
    }
  }
}

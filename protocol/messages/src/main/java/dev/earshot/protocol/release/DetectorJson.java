package dev.earshot.protocol.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.release.ReleaseManifest.Detector;
import dev.earshot.protocol.release.ReleaseManifest.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * The detector in a signed manifest. Without further words it has the bytes that it had before
 * there were any, so that old signatures hold; with them, a device that does not know of them finds
 * that the signature does not hold, and does not install half a detector.
 */
final class DetectorJson {
  private static final String WORDS = "words";

  private DetectorJson() {}

  static void encode(Detector detector, ObjectNode into) {
    parameters(
        into,
        detector.wakeClass(),
        detector.thresholdScore(),
        detector.smoothingFrames(),
        detector.refractoryMillis());
    if (!detector.words().isEmpty()) {
      ArrayNode words = into.putArray(WORDS);
      for (Word word : detector.words()) {
        parameters(
            words.addObject().put("label", word.label()),
            word.wakeClass(),
            word.thresholdScore(),
            word.smoothingFrames(),
            word.refractoryMillis());
      }
    }
  }

  private static void parameters(
      ObjectNode into, int wakeClass, int threshold, int smoothingFrames, int refractoryMillis) {
    into.put("wake_class", wakeClass)
        .put("threshold_score", threshold)
        .put("smoothing_frames", smoothingFrames)
        .put("refractory_ms", refractoryMillis);
  }

  static Detector decode(JsonNode detector) {
    return new Detector(
        SignedManifest.integer(detector, "wake_class"),
        SignedManifest.integer(detector, "threshold_score"),
        SignedManifest.integer(detector, "smoothing_frames"),
        SignedManifest.integer(detector, "refractory_ms"),
        detector.has(WORDS) ? words(detector.get(WORDS)) : List.of());
  }

  private static List<Word> words(JsonNode array) {
    if (!array.isArray() || array.isEmpty()) {
      throw new IllegalArgumentException(
          "manifest: field words is not a list of words (expected: no field, where there are none)");
    }
    List<Word> words = new ArrayList<>();
    for (JsonNode word : array) {
      words.add(
          new Word(
              SignedManifest.text(word, "label"),
              SignedManifest.integer(word, "wake_class"),
              SignedManifest.integer(word, "threshold_score"),
              SignedManifest.integer(word, "smoothing_frames"),
              SignedManifest.integer(word, "refractory_ms")));
    }
    return words;
  }
}

package dev.earshot.registry.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseCardTest {
  private static final String CARD =
      """
      name: hey-nova
      version: 1.1.0
      counter: 2            # only grows
      description: one line
      chips: [ndp120]
      detector: {wakeClass: 0, thresholdScore: 100, smoothingFrames: 3, refractoryMillis: 1000}
      frontEnd: streaming-wake-word
      lineage:
        recipe: sha256:%1$s
        seed: 1
        data: sha256:%1$s
        parent: hey-nova:1.0.0
      """
          .formatted("a".repeat(64));

  @Test
  void card_isRead() {
    ReleaseCard card = parse(CARD);
    assertEquals(new ReleaseRef("hey-nova", "1.1.0"), card.release());
    assertEquals(2, card.counter());
    assertEquals(100, card.detector().thresholdScore());
    assertEquals(new ReleaseRef("hey-nova", "1.0.0"), card.lineage().parent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "counter: 2           | counter: two        | counter: \"two\" (expected: a whole number)",
        "counter: 2           |                     | counter: missing",
        "smoothingFrames: 3   | smoothingFrames: 99 | detector.smoothingFrames: 99 (expected: 1 to 64)",
        "version: 1.1.0       | version: latest     | version: 'latest' (expected: MAJOR.MINOR.PATCH",
        "frontEnd: streaming  | front_end: streaming| front_end: unknown field (expected: one of chips, counter,",
        "chips: [ndp120]      | chips: [120]        | chips: [120] (expected: a list of chip names",
        "recipe: sha256:aa    | recipe: sha256:zz   | lineage.recipe: digest: 'zz",
        "name: hey-nova       | name: [hey-nova     | not YAML: ",
        "name: hey-nova       | name: Hey           | name: 'Hey' (expected: at most 48",
      })
  void wrongField_isNamed(String right, String wrong, String message) {
    String card = CARD.replace(right, wrong == null ? "" : wrong);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> parse(card));
    String told = String.valueOf(refused.getMessage());
    assertTrue(told.startsWith(message), told);
  }

  @Test
  void furtherWords_areRead() {
    ReleaseCard card = parse(withWords("{label: stop, wakeClass: 1, thresholdScore: 110, "));
    assertEquals(
        List.of(new ReleaseManifest.Word("stop", 1, 110, 8, 500)), card.detector().words());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{label: stop, wakeClass: 0, thresholdScore: 110,  | detector.words.stop.wakeClass: 0 (exp",
        "{label: stop, wakeClass: 1, thresholdScore: 128,  | detector.words.stop.thresholdScore: 128",
        "{label: stop, wakeClass: 1, threshold: 110,       | detector.words[0].threshold: unknown",
        "{wakeClass: 1, thresholdScore: 110,               | detector.words[0].label: missing",
      })
  void wrongWord_isNamed(String word, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> parse(withWords(word + " ")));
    String told = String.valueOf(refused.getMessage());
    assertTrue(told.startsWith(message), told);
  }

  private static String withWords(String start) {
    return CARD.replace(
        "refractoryMillis: 1000",
        "refractoryMillis: 1000, words: [" + start + "smoothingFrames: 8, refractoryMillis: 500}]");
  }

  @Test
  void somethingElse_isNotACard() {
    assertThrows(IllegalArgumentException.class, () -> parse(""));
    assertThrows(IllegalArgumentException.class, () -> parse("- a\n- b\n"));
    assertThrows(
        IllegalArgumentException.class, () -> ReleaseCard.parse(new byte[ReleaseCard.LONGEST + 1]));
  }

  private static ReleaseCard parse(String yaml) {
    return ReleaseCard.parse(yaml.getBytes(StandardCharsets.UTF_8));
  }
}

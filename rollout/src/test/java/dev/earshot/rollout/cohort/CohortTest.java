package dev.earshot.rollout.cohort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.CohortDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CohortTest {
  private static final CohortDevice DEVICE =
      CohortDevice.newBuilder()
          .setId("kitchen-1")
          .setFleet("home")
          .setChip("ndp120")
          .setRegion("eu")
          .setRelease("hey-nova:1.0.0")
          .build();

  @Test
  void condition_matchesByAttributes() {
    assertTrue(
        Cohort.compile("device.chip == 'ndp120' && device.region == \"eu\"").matches(DEVICE));
    assertFalse(Cohort.compile("device.chip == 'ndp200'").matches(DEVICE));
    assertTrue(Cohort.compile("device.id.startsWith('kitchen')").matches(DEVICE));
    assertTrue(Cohort.compile("device.release in ['hey-nova:1.0.0']").matches(DEVICE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "device.chop == 'x' | column 7: unknown attribute device.chop; did you mean device.chip?",
        "device.colour == 'x' | column 7: unknown attribute device.colour (known: device.id,"
            + " device.fleet, device.chip, device.region, device.firmware, device.hardware,"
            + " device.release)",
        "chip == 'x' | column 1: unknown name chip; did you mean device.chip?",
        "devise.chip == 'x' | column 1: unknown name devise; did you mean device?",
        "device.chip == ndp120 | column 16: unknown name ndp120; texts need quotes: \"ndp120\"",
        "device.chip.startWith('x') | column 22: unknown function startWith; did you mean"
            + " startsWith?",
        "lower(device.chip) == 'x' | column 6: unknown function lower (known: startsWith, endsWith,"
            + " contains, matches, size)",
        "device.chip == 120 | column 13: == does not fit a text and a whole number; attributes are"
            + " texts, such as \"120\"",
        "device.chip in 'x' | column 13: in does not fit a text and a text (expected: a list, such as"
            + " device.region in [\"eu\", \"us\"])",
        "!device.chip | column 1: ! does not fit a text (expected: conditions, such as device.chip =="
            + " \"ndp120\")",
        "device.chip | column 7: gives a text (expected: a condition, such as device.chip =="
            + " \"ndp120\")",
        "size(device.chip) | column 5: gives a whole number (expected: a condition, such as"
            + " device.chip == \"ndp120\")",
        "device.chip = 'x' | column 13: '=' is not understood; did you mean ==?",
        "device.chip == 'x' and true | column 20: 'and' is not understood; did you mean &&?",
        "device.chip == | column 15: ends too early",
        "device.chip == 'x | column 16: a text begins that does not end: 'x",
        "device.chip.matches('[') | column 21: not a regular expression: Unclosed character class"
            + " near index 0",
      })
  void expressionThatMakesNoSense_isExplainedWithItsPlace(String expression, String message) {
    assertEquals(message, error(expression));
  }

  @Test
  void severalMistakes_areSaidAtOnce() {
    assertEquals(
        "column 16: >= does not fit a text and a whole number; attributes are texts, such as \"120\";"
            + " column 30: unknown attribute device.flete; did you mean device.fleet?",
        error("device.release >= 5 && device.flete == 'home'"));
  }

  @Test
  void mistakeInALongExpression_isNamedWithItsLine() {
    assertEquals(
        "line 2, column 10 of the expression: unknown attribute device.regin; did you mean"
            + " device.region?",
        error("device.chip == 'x' &&\n   device.regin == 'y'"));
  }

  @Test
  void endlessExpression_isRefused() {
    assertEquals("2001 characters (expected: at most 2000)", error(" ".repeat(2_001)));
    assertTrue(error("(".repeat(900) + "true" + ")".repeat(900)).startsWith("column "));
  }

  @Test
  void expressionThatFails_matchesNobody() {
    assertFalse(Cohort.compile("1 / size(device.hardware) == 0").matches(DEVICE));
  }

  @Test
  void emptyAttribute_isAnEmptyText() {
    assertTrue(Cohort.compile("device.hardware == ''").matches(DEVICE));
  }

  private static String error(String expression) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Cohort.compile(expression))
            .getMessage());
  }
}

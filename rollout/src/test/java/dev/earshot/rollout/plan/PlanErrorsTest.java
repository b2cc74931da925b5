package dev.earshot.rollout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.protocol.document.Document;
import dev.earshot.protocol.document.InvalidDocument;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanErrorsTest {
  @Test
  void everythingThatIsWrong_isSaidAtOnceInTheOrderOfTheText() {
    assertErrors(
        """
        release: hey-nova
        cohort: device.chop == "ndp120"
        start_at: 2027-01-31T08:00:00Z
        stages:
          - {percent: 10, soak: soon}
          - percent: 5
            margin: 0.5
            margins: {power: 300, fals_rejects: 2}
          - soak: 3h
          - 7
        holdback: 5
        gates: {alpha: 2, on_harm: explode, max_failure_percent: 100, actions: {batery: pause}}
        offers:
          per_minute: fast
          factor: 0
          max_per_minute: 1
        trial:
        deadlines: [6h]
        colour: red
        """,
        "release, 1, release: 'hey-nova' (expected: name:version, such as hey-nova:1.4.0)",
        "cohort, 2, column 7: unknown attribute device.chop; did you mean device.chip?",
        "start_at, 3, unknown; did you mean schedule.start_at?",
        "stages[0].soak, 5, 'soon' (expected: a duration such as 90s, 30m, 6h, 2d or PT30M)",
        "stages[1].percent, 6, 5 (expected: more than the stage before, 10)",
        "stages[1].margin, 7, is short for margins.false_accepts (expected: one of the two)",
        "stages[1].margins.fals_rejects, 8, unknown; did you mean false_rejects?",
        "stages[1].margins.power, 8, 300 (expected: above 1 to 100, such as 1.25)",
        "stages[2].percent, 9, missing",
        "stages[3], 10, 7 (expected: named fields)",
        "holdback, 11, unknown; did you mean holdback_percent?",
        "gates.on_harm, 12, 'explode' (expected: rollback or pause)",
        "gates.actions.batery, 12, unknown; did you mean battery?",
        "gates.alpha, 12, 2 (expected: above 0 to 0.2)",
        "gates.max_failure_percent, 12, 100 (expected: above 0 and below 100)",
        "offers.per_minute, 14, 'fast' (expected: a number)",
        "offers.factor, 15, 0 (expected: 1 to 100)",
        "trial, 17, empty (expected: a duration such as 90s, 30m, 6h, 2d or PT30M)",
        "deadlines, 18, [\"6h\"] (expected: named fields)",
        "colour, 19, unknown (known: release, cohort, schedule, stages, holdback_percent, priority,"
            + " offers, heard_within, trial, install, deadlines, gates, approval)");
  }

  @Test
  void scheduleAndApproval_sayWhatIsWrong() {
    assertErrors(
        """
        release: a:1.0.0
        cohort: "true"
        approval: {count: 3, by: [alice, alice, bob]}
        schedule:
          windows:
            - from: "24:00"
              days: []
            - {from: 5, to: "06:00", days: [mon, funday, mon]}
          freezes:
            - from: 2027-01-31T08:00:00Z
              until: 2026-01-31T08:00:00Z
            - {until: tomorrow}
        """,
        "approval.by[1], 3, 'alice' is there twice",
        "schedule.windows[0].from, 6, '24:00' (expected: a time of day such as \"22:30\"; midnight"
            + " is \"00:00\")",
        "schedule.windows[0].to, 6, missing",
        "schedule.windows[0].days, 7, [] (expected: at least one day)",
        "schedule.windows[1].from, 8, 5 (expected: a time of day such as \"22:30\"; midnight is"
            + " \"00:00\")",
        "schedule.windows[1].days[1], 8, 'funday' (expected: mon or tue or wed or thu or fri or sat"
            + " or sun)",
        "schedule.windows[1].days[2], 8, 'mon' is there twice",
        "schedule.freezes[0].until, 11, 2026-01-31T08:00:00Z (expected: after from,"
            + " 2027-01-31T08:00:00Z)",
        "schedule.freezes[1].from, 12, missing",
        "schedule.freezes[1].until, 12, 'tomorrow' (expected: an instant such as"
            + " 2027-01-31T08:00:00Z)");
  }

  @Test
  void fieldsThatDoNotFitTogether_areSaidBesideOtherErrors() {
    assertErrors(
        Plans.SHORTEST
            + """
            approval: {count: 2, by: [alice]}
            offers: {per_minute: 50, max_per_minute: 40, factor: 0.5}
            """,
        "approval.by, 3, 1 name (expected: at least approval.count, 2)",
        "offers.factor, 4, 0.5 (expected: 1 to 100)",
        "offers.max_per_minute, 4, 40 (expected: at least offers.per_minute, 50)");
  }

  @Test
  void shortMarginOutOfRange_isNamedAsItWasWritten() {
    assertErrors(
        Plans.SHORTEST + "stages: [{percent: 10, margin: 1}]",
        "stages[0].margin, 3, 1 (expected: above 1 to 100, such as 1.25)");
  }

  @Test
  void fieldGivenTwice_isRefusedWithBothLines() {
    assertErrors(
        Plans.SHORTEST + "trial: 1h\npriority: 1\ntrial: 2h\n",
        "trial, 3, given twice: on line 3 and on line 5");
    assertErrors(
        "{\"release\": \"a:1.0.0\",\n\"cohort\": \"true\",\n\"cohort\": \"false\"}",
        "cohort, 2, given twice: on line 2 and on line 3");
  }

  @Test
  void missingField_isOnTheLineOfItsObject() {
    assertErrors("# a comment\n\ntrial: 1h\n", "release, 3, missing", "cohort, 3, missing");
  }

  @Test
  void alias_isRefused() {
    assertErrors(
        "release: &r a:1.0.0\ncohort: *r\n",
        "cohort, 2, *r (expected: the value itself, not an alias)");
  }

  @Test
  void conditionThatYamlTakesForATruthValue_isRefusedWithTheRemedy() {
    assertErrors(
        "release: a:1.0.0\ncohort: true\n",
        "cohort, 2, true (expected: a text; in quotes where it looks like another value)");
  }

  @Test
  void secondDocument_isRefused() {
    assertErrors(
        Plans.SHORTEST + "---\n" + Plans.SHORTEST,
        "plan, 4, a second document begins (expected: one plan)");
  }

  @Test
  void brokenYaml_namesTheLineAndTheRemedy() {
    assertErrors(
        "release: a:1.0.0\ncohort: 'true\n",
        "plan, 2, found unexpected end of stream while scanning a quoted scalar");
    assertErrors(
        "release: a:1.0.0\ncohort: \"a\" == device.chip\n",
        "plan, 2, expected <block end>, but found '<scalar>' while parsing a block mapping; a text"
            + " with ': ' in it, or that begins with a quote, needs quotes around it all");
  }

  @Test
  void brokenJson_isExplainedAsJson() {
    assertErrors(
        "{\"release\": \"a:1.0.0\",\n \"cohort\": \"true\"\n \"trial\": 7}",
        "plan, 3, Unexpected character ('\"' (code 34)): was expecting comma to separate Object"
            + " entries");
  }

  @ParameterizedTest
  @CsvSource(
      value = {"''|0", "[1]|1", "just words|1", "'# nothing\n'|0"},
      delimiter = '|')
  void textWithoutFields_isRefused(String text, int line) {
    InvalidDocument.FieldError error = errors(text).getFirst();
    assertEquals("expected: fields such as release and cohort, in YAML or JSON", error.message());
    assertEquals("plan", error.field());
    assertEquals(line, Math.min(error.line(), line));
  }

  @Test
  void endlessNesting_isRefused() {
    assertEquals("plan", errors("[".repeat(30_000)).getFirst().field());
    assertEquals("plan", errors("a: ".repeat(20_000)).getFirst().field());
    assertEquals(
        "65537 characters (expected: at most 65536)",
        errors(" ".repeat(65_537)).getFirst().message());
  }

  @Test
  void absurdNumbers_areRefused() {
    assertErrors(
        Plans.SHORTEST
            + "heard_within: PT999999999H\nholdback_percent: 1e999\npriority: 99999999999999999999\n",
        "heard_within, 3, 999999999h (expected: above 0s to 3650d)",
        "holdback_percent, 4, Infinity (expected: 0 to 50)",
        "priority, 5, 99999999999999999999 (expected: a whole number)");
  }

  @Test
  void flagOfARequest_isRefusedWhenItIsNone() {
    Document document = PlanFormat.parse(Plans.SHORTEST + "start: soon");
    document.takeFlag("start");
    assertEquals(
        "plan: line 3: start: \"soon\" (expected: true or false)",
        assertThrows(InvalidDocument.class, () -> PlanFormat.read(document)).getMessage());
  }

  @Test
  void locatedMessage_namesTheLineWhereItIsKnown() {
    assertEquals(
        "line 7: missing", new InvalidDocument.FieldError("cohort", 7, "missing").located());
    assertEquals("missing", new InvalidDocument.FieldError("cohort", 0, "missing").located());
  }

  @Test
  void conditionsOfInstalling_areRefusedByTheirNames() {
    assertErrors(
        """
        release: hey-nova:1.4.0
        cohort: "true"
        install:
          charging: sometimes
          battery: 30
          battery_percent: 130
          idle: 1
          daily_bytes: 2GB
        """,
        "install.charging, 4, 'sometimes' (expected: true or false)",
        "install.battery, 5, unknown; did you mean battery_percent?",
        "install.battery_percent, 6, 130 (expected: 0 to 100)",
        "install.idle, 7, 1 (expected: true or false)",
        "install.daily_bytes, 8, 2GB (expected: 0B to 1GB)");
    assertErrors(
        """
        release: hey-nova:1.4.0
        cohort: "true"
        install: {daily_bytes: 1 MB}
        """,
        "install.daily_bytes, 3, '1 MB' (expected: a number of bytes such as 800B, 500KB, 1MB or"
            + " 2GB)");
  }

  private static void assertErrors(String text, String... expected) {
    List<String> said =
        errors(text).stream()
            .map(error -> error.field() + ", " + error.line() + ", " + error.message())
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", said));
  }

  private static List<InvalidDocument.FieldError> errors(String text) {
    return assertThrows(InvalidDocument.class, () -> PlanFormat.read(text)).errors();
  }
}

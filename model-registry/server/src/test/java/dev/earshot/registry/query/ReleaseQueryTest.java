package dev.earshot.registry.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.NdpModel;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On three releases: good (kitchen 0.25/h), loud (kitchen 2.5/h), and one that lost its files. */
class ReleaseQueryTest {
  private static List<Facts> all = List.of();

  @BeforeAll
  static void releases() throws IOException {
    all =
        List.of(
            facts("hey-nova:1.9.0", 1, List.of("ndp120"), "null", 10, 4, List.of()),
            facts(
                "hey-nova:1.10.0",
                2,
                List.of("ndp120", "ndp101"),
                "hey-nova:1.9.0",
                1,
                30,
                List.of("production")),
            Facts.of(published("lost:0.1.0", 1), Optional.empty(), List.of()));
  }

  private static Facts facts(
      String ref,
      int counter,
      List<String> chips,
      String parent,
      int falseAccepts,
      int missed,
      List<String> aliases)
      throws IOException {
    byte[] model = TinyModel.small(counter);
    ReleaseRef name = ReleaseRef.parse(ref);
    TestRelease release = TestRelease.of(name, counter, chips, model, parent);
    return Facts.of(
        PublishedRelease.candidate(
            release.signed(), TestRelease.NOW.plus(Duration.ofDays(counter))),
        Optional.of(
            new ReleaseDetails(
                ReleaseCard.parse(release.files().of(ReleaseFile.CARD)),
                TestRelease.measured(name, model, falseAccepts, missed),
                NdpModel.parse(model).summary())),
        aliases);
  }

  private static PublishedRelease published(String ref, int counter) throws IOException {
    return PublishedRelease.candidate(TestRelease.of(ref, counter).signed(), TestRelease.NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "chip = ndp120 and fah < 0.5                   | 1.10.0",
        "chip = ndp120                                 | 1.9.0 1.10.0 0.1.0",
        "chip = ndp101                                 | 1.10.0",
        "chip != ndp101                                | 1.9.0 0.1.0",
        "fah < 100                                     | 1.9.0 1.10.0",
        "not fah < 100                                 | ",
        "environment = kitchen and fah < 0.5           | 1.10.0",
        "environment = car and fah < 0.5               | 1.9.0 1.10.0",
        "environment = factory                         | ",
        "environment = kitchen and frr > 0.1           | 1.10.0",
        "frr > 0.1                                     | ",
        "worst_frr > 0.1                               | 1.10.0",
        "worst_fah >= 2.5                              | 1.9.0",
        "version > 1.9.0                               | 1.10.0",
        "version <= 1.9.0-rc                           | 0.1.0",
        "alias = production                            | 1.10.0",
        "alias != production                           | 1.9.0 0.1.0",
        "parent = hey-nova:1.9.0                       | 1.10.0",
        "parent != hey-nova:1.9.0                      | 1.9.0",
        "NAME ~ NOVA AND (fah > 1 OR alias=production) | 1.9.0 1.10.0",
        "fah > 1 or alias = production and chip=ndp999 | 1.9.0",
        "not (chip = ndp101 or name = lost)            | 1.9.0",
        "status = candidate and description = 'for tests' | 1.9.0 1.10.0 0.1.0",
        "published >= 2026-01-02T12:00:00Z             | 1.10.0",
        "published < 2026-01-02                        | 0.1.0",
        "macs == 3600 and memory<5e3                   | 1.9.0 1.10.0",
        "threshold>-1e2 and smoothing=3 and size>1000  | 1.9.0 1.10.0 0.1.0",
        "                                              | 1.9.0 1.10.0 0.1.0",
      })
  void query_findsWhatItSays(String query, String versions) {
    assertEquals(versions == null ? "" : versions, versions(query == null ? "" : query, ""), query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "chp = ndp120        | at character 1: unknown field 'chp' (did you mean chip?)",
        "xyzzy = 1           | at character 1: unknown field 'xyzzy' (expected: one of name, version,",
        "chip = ndp120 fah<1 | at character 15: 'fah' (expected: and, or, or the end of the query)",
        "fah < half          | at character 7: fah: 'half' (expected: a number, such as 0.5)",
        "fah < NaN           | at character 7: fah: 'NaN' (expected: a number",
        "fah <               | at character 6: the end (expected: a value for fah)",
        "fah ndp120          | at character 5: 'ndp120' (expected: one of = != < <= > >= ~)",
        "fah ~ 3             | at character 5: fah ~ (expected: one of = != < <= > >=)",
        "chip < ndp120       | at character 6: chip < (expected: one of = !=)",
        "(fah < 1            | at character 1: '(' is not closed",
        "name = 'nova        | at character 8: the quote ' is not closed",
        "fah < 1 and         | at character 12: the end (expected: a field, such as chip or fah)",
        "fah < 1; drop       | at character 8: ';' (expected: a field, a value, an operator",
        "version = 1.2       | at character 11: version: '1.2' (expected: MAJOR.MINOR.PATCH",
        "expires < tomorrow  | at character 11: expires: 'tomorrow' (expected: a date or an instant",
        "fah =! 1            | at character 6: '!' (expected: a value for fah)",
      })
  void wrongQuery_isToldWhereAndWhatWasExpected(String query, String message) {
    QueryException refused =
        assertThrows(QueryException.class, () -> ReleaseQuery.parse(query, ""));
    String told = String.valueOf(refused.getMessage());
    assertTrue(told.startsWith(message), told);
  }

  @Test
  void order_isByTheFieldsWithTheUnknownLast() {
    assertEquals("1.10.0 1.9.0 0.1.0", versions("", "fah"));
    assertEquals("1.9.0 1.10.0 0.1.0", versions("", "-fah"));
    assertEquals("0.1.0 1.9.0 1.10.0", versions("", "version"));
    assertEquals("1.10.0 1.9.0 0.1.0", versions("", "name, -counter"));
    QueryException refused =
        assertThrows(QueryException.class, () -> ReleaseQuery.parse("", "name,fha"));
    assertEquals(
        "at character 6: sort: unknown field 'fha' (did you mean fah?)", refused.getMessage());
    assertEquals(6, refused.position());
  }

  @Test
  void endlessQuery_isRefusedUnread() {
    String longest = "(".repeat(ReleaseQuery.LONGEST);
    assertThrows(QueryException.class, () -> ReleaseQuery.parse(longest, ""));
    assertThrows(QueryException.class, () -> ReleaseQuery.parse(longest + "(", ""));
  }

  @Test
  void everyField_canBeAskedAndIsExplained() {
    for (ReleaseField field : ReleaseField.values()) {
      String value =
          switch (field.type()) {
            case WORD, TEXT -> "x";
            case NUMBER -> "1";
            case VERSION -> "1.0.0";
            case MOMENT -> "2026-01-01";
          };
      ReleaseQuery query = ReleaseQuery.parse(field.word() + " = " + value, field.word());
      assertTrue(query.select(all).size() <= all.size());
      assertTrue(ReleaseQuery.help().contains(field.word()));
      assertTrue(!field.meaning().isBlank(), field.word());
    }
  }

  private static String versions(String where, String sort) {
    return String.join(
        " ",
        ReleaseQuery.parse(where, sort).select(all).stream()
            .map(found -> found.release().ref().version())
            .toList());
  }
}

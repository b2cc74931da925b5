package dev.earshot.rollout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.document.FieldException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 2027-01-31 is a Sunday. */
final class ScheduleTest {
  private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);

  @Test
  void noWindows_areAlwaysOpen() {
    assertTrue(Schedule.DEFAULT.isOpen(Instant.parse("2027-01-31T03:00:00Z"), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-01-31T00:59:59Z, 0, false",
    "2027-01-31T01:00:00Z, 0, true",
    "2027-01-31T04:59:59Z, 0, true",
    "2027-01-31T05:00:00Z, 0, false",
    // +14:00 (Kiritimati): 12:00 is 02:00 of the next day.
    "2027-01-31T12:00:00Z, 840, true",
    "2027-01-31T02:00:00Z, 840, false",
    // -12:00 (Baker Island): 14:30 is 02:30 of the same day.
    "2027-01-31T14:30:00Z, -720, true",
    "2027-01-31T02:30:00Z, -720, false",
    // +05:45 (Nepal): 19:14 is 00:59, 19:15 is 01:00.
    "2027-01-31T19:14:59Z, 345, false",
    "2027-01-31T19:15:00Z, 345, true"
  })
  void window_isOfTheDevicesOwnTime(Instant now, int offset, boolean open) {
    assertEquals(open, windows("01:00", "05:00", ALL).isOpen(now, offset));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-01-29T22:00:00Z, 0, true", // Friday evening
    "2027-01-30T05:59:00Z, 0, true", // Saturday morning still belongs to it
    "2027-01-30T06:00:00Z, 0, false",
    "2027-01-30T22:00:00Z, 0, false", // Saturday evening has none
    "2027-01-31T05:00:00Z, 0, false",
    "2027-01-29T05:00:00Z, 0, false", // Friday morning belongs to Thursday
    // At +14:00 Friday's window is 08:00 to 16:00 UTC of Friday.
    "2027-01-29T08:00:00Z, 840, true",
    "2027-01-29T15:59:00Z, 840, true",
    "2027-01-29T16:00:00Z, 840, false",
    // At -12:00 it is 10:00 to 18:00 UTC of Saturday.
    "2027-01-30T09:59:00Z, -720, false",
    "2027-01-30T10:00:00Z, -720, true",
    "2027-01-30T17:59:00Z, -720, true",
    "2027-01-30T18:00:00Z, -720, false"
  })
  void windowOverMidnight_belongsToTheDayItBegins(Instant now, int offset, boolean open) {
    assertEquals(open, windows("22:00", "06:00", Set.of(DayOfWeek.FRIDAY)).isOpen(now, offset));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-01-30T23:59:59Z, false",
    "2027-01-31T00:00:00Z, true",
    "2027-01-31T23:59:59Z, true",
    "2027-02-01T00:00:00Z, false"
  })
  void windowThatEndsWhenItBegins_lasts24Hours(Instant now, boolean open) {
    assertEquals(open, windows("00:00", "00:00", Set.of(DayOfWeek.SUNDAY)).isOpen(now, 0));
  }

  @Test
  void windowToMidnight_endsWithTheDay() {
    Schedule schedule = windows("22:00", "00:00", Set.of(DayOfWeek.SUNDAY));
    assertTrue(schedule.isOpen(Instant.parse("2027-01-31T23:59:59Z"), 0));
    assertEquals(false, schedule.isOpen(Instant.parse("2027-02-01T00:00:00Z"), 0));
  }

  @Test
  void severalWindows_openOneAfterTheOther() {
    Schedule schedule =
        new Schedule(
            null, List.of(window("01:00", "02:00", ALL), window("13:00", "14:00", ALL)), List.of());
    assertTrue(schedule.isOpen(Instant.parse("2027-01-31T01:30:00Z"), 0));
    assertTrue(schedule.isOpen(Instant.parse("2027-01-31T13:30:00Z"), 0));
    assertEquals(false, schedule.isOpen(Instant.parse("2027-01-31T02:00:00Z"), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-19T23:59:59.999Z, ''",
    "2026-12-20T00:00:00Z, holidays",
    "2027-01-01T23:59:59.999Z, holidays",
    "2027-01-02T00:00:00Z, ''",
    "2027-03-01T12:00:00Z, fair"
  })
  void freeze_holdsFromItsBeginToBeforeItsEnd(Instant now, String reason) {
    Schedule schedule =
        new Schedule(
            null,
            List.of(),
            List.of(
                freeze("2026-12-20T00:00:00Z", "2027-01-02T00:00:00Z", "holidays"),
                freeze("2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z", "fair")));
    assertEquals(
        Optional.of(reason).filter(word -> !word.isEmpty()),
        schedule.freeze(now).map(Freeze::reason));
  }

  @Test
  void timesBetweenMinutes_areRefused() {
    FieldException refused =
        assertThrows(FieldException.class, () -> window("01:00:30", "02:00:00.5", Set.of()));
    assertEquals(
        "from: 01:00:30 (expected: whole minutes); to: 02:00:00.500 (expected: whole minutes);"
            + " days: [] (expected: at least one day)",
        refused.getMessage());
  }

  @Test
  void freezeOutsideOfCalendars_isRefused() {
    assertThrows(FieldException.class, () -> new Freeze(Instant.MIN, Instant.EPOCH, ""));
    assertThrows(FieldException.class, () -> new Freeze(Instant.EPOCH, Instant.MAX, ""));
    assertThrows(FieldException.class, () -> new Freeze(Instant.EPOCH, Instant.EPOCH, "no time"));
  }

  private static Schedule windows(String from, String to, Set<DayOfWeek> days) {
    return new Schedule(null, List.of(window(from, to, days)), List.of());
  }

  private static Window window(String from, String to, Set<DayOfWeek> days) {
    return new Window(LocalTime.parse(from), LocalTime.parse(to), days);
  }

  private static Freeze freeze(String from, String until, String reason) {
    return new Freeze(Instant.parse(from), Instant.parse(until), reason);
  }
}

package dev.earshot.protocol.document;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks all fields of a record before it refuses, so that a person hears everything at once. Each
 * refusal names the field, the value and what was expected.
 */
public final class Checks {
  /** Ten years. */
  public static final Duration LONGEST = Duration.ofDays(3_650);

  public static final Instant FIRST = Instant.EPOCH;
  public static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final List<FieldException.Refusal> refusals = new ArrayList<>();

  /** What one field must be, whatever the others are. */
  public Checks require(boolean holds, String field, Object value, String expected) {
    return fit(holds, field, value, expected, field);
  }

  /**
   * How two fields go together.
   *
   * @param field that is refused
   * @param other which it is compared with
   */
  public Checks fit(boolean holds, String field, Object value, String expected, String other) {
    if (!holds) {
      String shown = value instanceof Double number ? Numbers.plain(number) : String.valueOf(value);
      refusals.add(
          new FieldException.Refusal(field, other, shown + " (expected: " + expected + ")"));
    }
    return this;
  }

  /** Above zero, and at most {@link #LONGEST}. */
  public Checks positive(String field, Duration value) {
    return duration(value.isPositive(), field, value, LONGEST, "above 0s to ");
  }

  /** Zero to {@code most}. */
  public Checks notNegative(String field, Duration value, Duration most) {
    return duration(!value.isNegative(), field, value, most, "0s to ");
  }

  /** What RFC 3339 can write, and a clock can show. */
  public Checks instant(String field, Instant value) {
    return require(
        !value.isBefore(FIRST) && !value.isAfter(LAST), field, value, "of the years 1970 to 9999");
  }

  /**
   * @throws FieldException with all that was refused
   */
  public void done() {
    if (!refusals.isEmpty()) {
      throw new FieldException(refusals);
    }
  }

  private Checks duration(
      boolean above, String field, Duration value, Duration most, String expected) {
    return require(
        above && value.compareTo(most) <= 0,
        field,
        Durations.format(value),
        expected + Durations.format(most));
  }
}

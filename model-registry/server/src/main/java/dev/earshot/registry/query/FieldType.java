package dev.earshot.registry.query;

import dev.earshot.protocol.release.ReleaseRef;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Set;

/** What values a field has, and what it can be asked. */
public enum FieldType {
  /** A word from a closed set, or one of several such words. */
  WORD(EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL)),
  TEXT(EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.CONTAINS)),
  NUMBER(EnumSet.complementOf(EnumSet.of(Operator.CONTAINS))),
  /** Ordered as in Semantic Versioning. */
  VERSION(EnumSet.complementOf(EnumSet.of(Operator.CONTAINS))),
  /** An instant, or a date (its first moment in UTC). */
  MOMENT(EnumSet.complementOf(EnumSet.of(Operator.CONTAINS)));

  @SuppressWarnings("ImmutableEnumChecker") // never changed after the constructor
  private final Set<Operator> operators;

  FieldType(Set<Operator> operators) {
    this.operators = operators;
  }

  Set<Operator> operators() {
    return operators;
  }

  /**
   * A value as this type holds it.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  Comparable<?> parse(String text) {
    return switch (this) {
      case WORD, TEXT -> text;
      case NUMBER -> number(text);
      case VERSION -> version(text);
      case MOMENT -> moment(text);
    };
  }

  private static Double number(String text) {
    // Not what else Double.parseDouble takes, such as 1d, NaN or 0x1p3.
    if (!text.matches("[+-]?\\d{1,18}(?:\\.\\d{1,18})?(?:[eE][+-]?\\d{1,2})?")) {
      throw new IllegalArgumentException("'" + text + "' (expected: a number, such as 0.5)");
    }
    return Double.parseDouble(text);
  }

  private static ReleaseRef version(String text) {
    try {
      return new ReleaseRef("version", text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: MAJOR.MINOR.PATCH, such as 1.4.0)", e);
    }
  }

  private static Instant moment(String text) {
    try {
      return text.length() == "2030-01-01".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: a date or an instant, such as 2030-01-01T00:00:00Z)", e);
    }
  }
}

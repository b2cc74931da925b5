package dev.earshot.registry.query;

import java.util.List;
import java.util.Locale;

/** A query that was read. What is unknown makes a comparison neither true nor false. */
sealed interface Condition {
  /** Both. */
  record And(Condition left, Condition right) implements Condition {}

  /** At least one. */
  record Or(Condition left, Condition right) implements Condition {}

  record Not(Condition inner) implements Condition {}

  /** Everything. */
  record Always() implements Condition {}

  /**
   * A field against a value.
   *
   * @param value of the field's type
   */
  record Comparison(ReleaseField field, Operator operator, Comparable<?> value)
      implements Condition {}

  /** Three-valued logic, as SQL's. */
  enum Truth {
    NO,
    UNKNOWN,
    YES;

    Truth negated() {
      return switch (this) {
        case NO -> YES;
        case UNKNOWN -> UNKNOWN;
        case YES -> NO;
      };
    }
  }

  /** Whether it holds for these facts. */
  default Truth of(Facts facts) {
    return switch (this) {
      case Always ignored -> Truth.YES;
      case And and -> min(and.left.of(facts), and.right.of(facts));
      case Or or -> min(or.left.of(facts).negated(), or.right.of(facts).negated()).negated();
      case Not not -> not.inner.of(facts).negated();
      case Comparison comparison -> compare(comparison, facts);
    };
  }

  /** Whether the query asks about that field anywhere. */
  default boolean names(ReleaseField field) {
    return switch (this) {
      case Always ignored -> false;
      case And and -> and.left.names(field) || and.right.names(field);
      case Or or -> or.left.names(field) || or.right.names(field);
      case Not not -> not.inner.names(field);
      case Comparison comparison -> comparison.field == field;
    };
  }

  private static Truth min(Truth left, Truth right) {
    return left.compareTo(right) <= 0 ? left : right;
  }

  /**
   * A field with several values is equal to a value when one of them is, and unequal when none is.
   */
  private static Truth compare(Comparison asked, Facts facts) {
    List<? extends Comparable<?>> values = asked.field.values(facts);
    if (values.isEmpty() && !canBeNone(asked.field, facts)) {
      return Truth.UNKNOWN;
    }
    boolean holds =
        asked.operator == Operator.NOT_EQUAL
            ? values.stream().noneMatch(value -> order(value, asked.value) == 0)
            : values.stream().anyMatch(value -> holds(asked.operator, value, asked.value));
    return holds ? Truth.YES : Truth.NO;
  }

  /** Whether having no value is known, as of a first release, which has no parent. */
  private static boolean canBeNone(ReleaseField field, Facts facts) {
    return field == ReleaseField.ALIAS
        || (field == ReleaseField.PARENT && facts.details().isPresent());
  }

  private static boolean holds(Operator operator, Comparable<?> fact, Comparable<?> value) {
    return operator == Operator.CONTAINS
        ? lower(fact).contains(lower(value))
        : operator.holds(order(fact, value));
  }

  private static String lower(Comparable<?> text) {
    return text.toString().toLowerCase(Locale.ROOT);
  }

  /** Field and value are of the same type: the parser saw to it. */
  @SuppressWarnings("unchecked")
  static int order(Comparable<?> fact, Comparable<?> value) {
    return ((Comparable<Object>) fact).compareTo(value);
  }
}

package dev.earshot.rollout.gate;

/** Range checks shared by the records of this package; messages name the field and the range. */
final class Checks {
  private Checks() {}

  static double atLeastZero(String field, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: finite and >= 0)");
    }
    return value;
  }

  static long atLeastZero(String field, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: >= 0)");
    }
    return value;
  }

  static double positive(String field, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: finite and > 0)");
    }
    return value;
  }

  static double finite(String field, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: a finite number)");
    }
    return value;
  }

  static double between(String field, double value, double low, double high) {
    if (!(value > low && value < high)) {
      throw new IllegalArgumentException(
          field + ": " + value + " (expected: between " + low + " and " + high + ", exclusive)");
    }
    return value;
  }

  static String notBlank(String field, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + ": empty (expected: a name)");
    }
    return value;
  }
}

package dev.earshot.rollout.plan;

import java.time.Duration;

/** Refusals that name the field, the value and what was expected. */
final class Checks {
  private Checks() {}

  static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new PlanFieldException(field, value + " (expected: " + expected + ")");
    }
  }

  static void positive(String field, Duration value) {
    require(
        value.isPositive() && value.compareTo(Duration.ofDays(3_650)) <= 0,
        field,
        Durations.format(value),
        "above 0 and at most 3650d");
  }
}

package dev.earshot.simulator.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What was measured up to a moment. Those of several processes add up; the earlier one of the same
 * processes can be taken off, which leaves what was measured in between.
 *
 * @param times by operation, microseconds, each within 1 %; every operation has one
 * @param errors how many, by reason
 */
public record Measurements(Map<Operation, Histogram> times, Map<String, Long> errors) {
  /** Five minutes; no patience in a device is longer. */
  static final long LONGEST_MICROS = 300_000_000;

  static final int SIGNIFICANT_DIGITS = 2;

  public Measurements {
    times = Map.copyOf(times);
    errors = Map.copyOf(errors);
    if (times.size() != Operation.values().length) {
      throw new IllegalArgumentException(
          "times: " + times.keySet() + " (expected: one for each operation)");
    }
  }

  /** Nothing measured. */
  public static Measurements none() {
    Map<Operation, Histogram> times = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      times.put(operation, empty());
    }
    return new Measurements(times, Map.of());
  }

  static Histogram empty() {
    return new Histogram(LONGEST_MICROS, SIGNIFICANT_DIGITS);
  }

  /** How long that operation took. Not to be modified. */
  public Histogram time(Operation operation) {
    Histogram time = times.get(operation);
    if (time == null) {
      throw new IllegalStateException("the constructor checks that there is one: " + operation);
    }
    return time;
  }

  /** Both together. */
  public Measurements plus(Measurements other) {
    Map<Operation, Histogram> sums = new EnumMap<>(Operation.class);
    times.forEach(
        (operation, time) -> {
          Histogram sum = time.copy();
          sum.add(other.time(operation));
          sums.put(operation, sum);
        });
    return new Measurements(sums, merged(other, 1));
  }

  /** What was measured since that earlier moment. */
  public Measurements since(Measurements earlier) {
    Map<Operation, Histogram> rest = new EnumMap<>(Operation.class);
    times.forEach(
        (operation, time) -> {
          Histogram difference = time.copy();
          difference.subtract(earlier.time(operation));
          rest.put(operation, difference);
        });
    return new Measurements(rest, merged(earlier, -1));
  }

  private Map<String, Long> merged(Measurements other, int sign) {
    Map<String, Long> merged = new TreeMap<>(errors);
    other.errors.forEach((reason, count) -> merged.merge(reason, sign * count, Long::sum));
    merged.values().removeIf(count -> count == 0);
    return merged;
  }
}

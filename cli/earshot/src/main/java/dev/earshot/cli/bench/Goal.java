package dev.earshot.cli.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A ratio that was measured, and what it should be.
 *
 * @param ratio NaN when it was not measured
 * @param most whether the bound is the highest that is good; else the lowest
 * @param bound 0 when any is good
 * @param aim what would be better still; 0 for none
 */
public record Goal(String name, double ratio, boolean most, double bound, double aim) {
  public static Goal atLeast(String name, double ratio, double bound, double aim) {
    return new Goal(name, ratio, false, bound, aim);
  }

  public static Goal atMost(String name, double ratio, double bound) {
    return new Goal(name, ratio, true, bound, 0);
  }

  /** Only shown. */
  public static Goal none(String name, double ratio) {
    return new Goal(name, ratio, false, 0, 0);
  }

  /** What was not measured misses nothing. */
  public boolean missed() {
    return most ? ratio > bound : ratio < bound;
  }

  /** For a program. */
  public Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("name", name);
    if (!Double.isNaN(ratio)) {
      figures.put("ratio", ratio);
    }
    if (bound != 0) {
      figures.put(most ? "at_most" : "at_least", bound);
      figures.put("missed", missed());
    }
    return figures;
  }

  /** A line of the table. */
  public String line() {
    String target =
        bound == 0
            ? ""
            : "%s %.2f%s  %s"
                .formatted(
                    most ? "at most" : "at least",
                    bound,
                    aim == 0 ? "" : " (aim %.2f)".formatted(aim),
                    Double.isNaN(ratio) ? "not measured" : missed() ? "MISSED" : "met");
    return String.format(
            Locale.ROOT,
            "  %-52s%14s  %s",
            name,
            Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio),
            target)
        .stripTrailing();
  }
}

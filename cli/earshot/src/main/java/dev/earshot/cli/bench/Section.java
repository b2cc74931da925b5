package dev.earshot.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One table of the report.
 *
 * @param title what was measured
 * @param setting under which
 * @param goals ratios, with what they should be
 */
public record Section(
    String title, String setting, List<String> columns, List<Row> rows, List<Goal> goals) {

  /** A line of it; NaN is what was not measured. */
  public record Row(String name, List<Double> values) {
    public Row {
      values = List.copyOf(values);
    }

    public static Row of(String name, double... values) {
      List<Double> boxed = new ArrayList<>();
      for (double value : values) {
        boxed.add(value);
      }
      return new Row(name, boxed);
    }
  }

  public Section {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    goals = List.copyOf(goals);
    for (Row row : rows) {
      if (row.values().size() != columns.size()) {
        throw new IllegalArgumentException(
            row.name() + ": " + row.values().size() + " values (expected: " + columns.size() + ")");
      }
    }
  }

  /** Whether a ratio is not what it should be. */
  public boolean missed() {
    return goals.stream().anyMatch(Goal::missed);
  }

  /** For a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(title + ": " + setting);
    StringBuilder head = new StringBuilder("  %-52s".formatted(""));
    columns.forEach(column -> head.append("%14s".formatted(column)));
    lines.add(head.toString());
    for (Row row : rows) {
      StringBuilder line = new StringBuilder("  %-52s".formatted(row.name()));
      row.values().forEach(value -> line.append("%14s".formatted(number(value))));
      lines.add(line.toString());
    }
    goals.forEach(goal -> lines.add(goal.line()));
    return lines;
  }

  /** For a program. What was not measured is left out. */
  public Map<String, Object> figures() {
    Map<String, Object> rowsByName = new LinkedHashMap<>();
    for (Row row : rows) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        if (!Double.isNaN(row.values().get(i))) {
          values.put(columns.get(i), row.values().get(i));
        }
      }
      rowsByName.put(row.name(), values);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("title", title);
    figures.put("setting", setting);
    figures.put("rows", rowsByName);
    figures.put("ratios", goals.stream().map(Goal::figures).toList());
    return figures;
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return Math.abs(value) < 100
        ? String.format(Locale.ROOT, "%.2f", value)
        : String.format(Locale.ROOT, "%,.0f", value);
  }
}

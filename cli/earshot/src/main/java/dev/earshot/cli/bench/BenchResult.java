package dev.earshot.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What one case has measured: a number for each row of the table. */
final class BenchResult {
  static final String STATUSES = "statuses taken in, /s";
  static final String HEARTBEATS = "heartbeats folded, /s";
  static final String STORED = "  put into a store by Streams, /s";
  static final String COPIED = "  copied by consumer and producer, /s";
  static final String FIRST_SECONDS = "stage 1: decision to all offers out, s";
  static final String FIRST_COMMANDS = "  commands, /s";
  static final String SECOND_SECONDS = "stage 2: decision to all offers out, s";
  static final String SECOND_COMMANDS = "  commands in it, /s";
  static final String WALK = "one walk, s per million devices";
  static final String HEAP = "heap after collection, MiB";
  static final String RESIDENT = "resident set, MiB";
  static final String HIGHEST = "  at its highest, MiB";
  static final String STATE = "store on disk, bytes per device";
  static final String CHANGELOG = "changelog before compaction, bytes per device";
  static final String RECOVERY = "start after a kill, s";

  private final Map<String, Double> values = new LinkedHashMap<>();

  void put(String row, double value) {
    values.put(row, value);
  }

  /** A line for each row, a column for each result. */
  static List<String> table(List<String> headings, List<BenchResult> results) {
    StringBuilder head = new StringBuilder("%-46s".formatted(""));
    headings.forEach(heading -> head.append("%14s".formatted(heading)));
    List<String> lines = new ArrayList<>(List.of(head.toString()));
    Set<String> rows = new LinkedHashSet<>();
    results.forEach(result -> rows.addAll(result.values.keySet()));
    for (String row : rows) {
      StringBuilder line = new StringBuilder("%-46s".formatted(row));
      for (BenchResult result : results) {
        line.append("%14s".formatted(number(result.values.getOrDefault(row, Double.NaN))));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return value < 100
        ? String.format(Locale.ROOT, "%.1f", value)
        : String.format(Locale.ROOT, "%,.0f", value);
  }
}

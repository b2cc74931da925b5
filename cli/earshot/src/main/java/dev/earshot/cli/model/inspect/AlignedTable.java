package dev.earshot.cli.model.inspect;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest value, two spaces apart; numbers to the right. */
final class AlignedTable {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /**
   * @param header a name for each column; those that begin with {@code >} are set to the right
   */
  AlignedTable(String... header) {
    right = new boolean[header.length];
    String[] names = new String[header.length];
    for (int i = 0; i < header.length; i++) {
      right[i] = header[i].startsWith(">");
      names[i] = right[i] ? header[i].substring(1) : header[i];
    }
    rows.add(names);
  }

  void row(String... values) {
    rows.add(values.clone());
  }

  /** Its lines, each indented by two spaces. */
  void writeTo(StringBuilder out) {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < row.length; i++) {
        String space = " ".repeat(widths[i] - row[i].length());
        line.append(right[i] ? space + row[i] : row[i] + space).append("  ");
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }
}
